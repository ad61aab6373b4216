-- The commonest question, claims on sliding windows, is answered before the rest of the
-- script is reached, whose functions take longer to make than this takes to run. For the
-- same reason this makes no function, and as few strings and tables as can be: Lua looks
-- every string up by all of its bytes. What is read is kept where it stands.
--
-- A value of many permits: version, then of each limit its signature (1 + 7 bytes), the length
-- of the rest (2), the kind (1), the width of a count (1), the newest segment (7), the permits
-- in use (7), the count of the newest segment, and those of the others from the oldest on.
--
-- To add up all counts, or to look at all moments, would take longer than to decide. Lengths,
-- ends and sums are checked for what is possible, and what a loop comes by for what it must be;
-- where that does not hold the claim is left to the rest, which looks at everything.

if ARGV[1] == 'slide' then
  local call, pack, parse, sub, byte = redis.call, struct.pack, struct.unpack, string.sub, string.byte
  local LOG, SEGMENTED = 76, 83 -- the bytes of L and S
  local keys, arguments = KEYS, ARGV
  local several = keys[2]
  local get, answers = several and redis.pcall or call, several and {}
  local first_claim, key, value, known, changed, patch, ends, formatted_ends, formatted
  local policy, permits, parsed, algorithm, window, most, segment, after, current, latest
  local width, full, format, front, layout = -1 -- of counts
  local left
  local own, following = nil, keys[1]
  for c = 1, #keys do
    own, following = following, keys[c + 1]
    if own ~= key then
      first_claim, key, changed, patch, ends, left = c, own, false, nil, nil, false
      -- Not more than can be right, since there may be megabytes. What is of another type is
      -- no reason to stop where there are others.
      value = get('GETRANGE', key, '0', '16384')
      if value == '' or type(value) == 'table' then value = false end
      known = value
    end
    if (arguments[2 * c + 1] or '') ~= '' then
      policy, permits = arguments[2 * c + 1], arguments[2 * c + 2] + 0
    end

    -- A claim that cannot be decided here is left to the rest of the script, and so are those
    -- behind it on its key.
    local size = value and #value or 0
    local readable = not left and (not value or byte(value) == VERSION)

    -- Where the value is of one limit and stays as it is but for what is in front, that is
    -- overwritten. A key that follows once more is kept here.
    local whole = value and not changed and #policy == 29

    -- Permits are taken of each limit in turn, and if one refuses after others have granted,
    -- all is done again without taking.
    local takes, again, answer, written, expires, later = true
    repeat
      local at, from = 1, 2
      again, answer, written, expires, later = false, nil, VERSION_BYTE, now, not value
      repeat
        if at > 1 or parsed ~= policy then
          algorithm, window, most, window, segment, after = parse('>BI7I7I7I7', policy, at)
          current, latest = (now - now % segment) / segment, LATEST / segment
          parsed = at == 1 and policy
        end
        at = after
        local used, waits, resets = 0, 0, 0

        if most <= MOST_MOMENTS then
          local moments, oldest, newest = '', now, now
          if value then
            if size < from + 10 then readable = false break end
            local stored, stored_window, length, kind = parse('>BI7I2B', value, from)
            local first, last = from + 11, from + 9 + length
            if stored ~= algorithm or stored_window ~= window or kind ~= LOG or last > size or length % 7 ~= 1
              or length > 7 * MOST_MOMENTS + 1 then readable = false break end
            while first < last do
              oldest = parse('>I7', value, first)
              if now - oldest < window then break end
              first = first + 7
            end
            moments, used, from = sub(value, first, last), (last + 1 - first) / 7, last + 1
            if used > 0 then
              newest = parse('>I7', value, last - 6)
              if newest < oldest or newest - oldest >= window or newest > LATEST then readable = false break end
            else
              oldest = now
            end
          end
          local excess = used + permits - most
          if permits > most then
            waits = NEVER
          elseif excess > 0 then
            local moment = parse('>I7', moments, excess * 7 - 6)
            if moment < oldest or moment > newest then readable = false break end
            waits = moment + window - now
          elseif takes then
            if newest < now then newest = now end
            moments, used = moments .. string.rep(pack('>I7', newest), permits), used + permits
            written = written .. pack('>BI7I2B', algorithm, window, #moments + 1, LOG) .. moments
            newest, later = newest + window, true
            if newest > expires then expires = newest end
          end
          if used > most then
            local moment = parse('>I7', moments, (used - most) * 7 + 1)
            if moment < oldest or moment > newest then readable = false break end
            resets = moment + window - now
          elseif used > 0 then
            resets = oldest + window - now
          end

        else
          local newest, oldest, count, first, last = current, current, 0, 1, 0
          local bytes
          if value then
            bytes = byte(value, from + 11)
          else
            bytes = permits < 0x100 and 1 or permits < 0x10000 and 2 or permits < 0x100000000 and 4 or 7
          end
          if bytes ~= width then
            width = bytes
            if bytes == 1 then
              full, format, front, layout = 0x100, '>B', '>I7B', '>BI7I2BBI7I7B'
            elseif bytes == 2 then
              full, format, front, layout = 0x10000, '>I2', '>I7I2', '>BI7I2BBI7I7I2'
            elseif bytes == 4 then
              full, format, front, layout = 0x100000000, '>I4', '>I7I4', '>BI7I2BBI7I7I4'
            elseif bytes == 7 then
              full, format, front, layout = 2 ^ 56, '>I7', '>I7I7', '>BI7I2BBI7I7I7'
            else
              width, readable = -1, false
              break
            end
          end
          if value then
            if size < from + 25 + width then readable = false break end
            local stored, stored_window, length, kind
            stored, stored_window, length, kind, bytes, newest, used, count = parse(layout, value, from)
            first, last = from + 26 + width, from + 9 + length
            local others = (last + 1 - first) / width
            if stored ~= algorithm or stored_window ~= window or kind ~= SEGMENTED or last > size or others > SEGMENTS
              or width > 1 and others % 1 ~= 0 or newest > latest or used < count
              or used > count + others * full then readable = false break end
            oldest, from = newest - others, last + 1
            if oldest < current - SEGMENTS then
              repeat
                local passed = oldest < newest and parse(format, value, first) or count
                if passed > 0 and oldest >= current - SEGMENTS then break end
                used, oldest, first = used - passed, oldest + 1, first + width
              until used <= 0 or oldest > newest
              if used < 0 or used > 0 and oldest > newest then readable = false break end
            end
          end
          local excess = used + permits - most
          if excess <= 0 and takes then
            local former, closed, gap = newest, '', ''
            local counted = permits + (used > 0 and current <= newest and count or 0)
            if counted >= full then readable = false break end
            if used == 0 then
              newest, oldest, later = current, current, true
            elseif current > newest then
              closed, gap = sub(value, first, last), pack(format, count)
              if current > newest + 1 then gap = gap .. string.rep('\0', (current - newest - 1) * width) end
              newest = current
            elseif whole and following ~= key then
              patch = pack(front, used + permits, counted)
            else
              closed = sub(value, first, last)
            end
            used, count = used + permits, counted
            if not patch then
              written = written .. pack(layout, algorithm, window, (newest - oldest + 1) * width + 16, SEGMENTED, width,
                newest, used, count) .. closed .. gap
              local block = newest - newest % BLOCK
              if former < block then later = true end
              block = (block + BLOCK + SEGMENTS) * segment
              if block > expires then expires = block end
            end
            resets = (oldest + SEGMENTS + 1) * segment - now
          elseif used > 0 then
            -- The oldest segments are passed until enough of their permits have come back.
            local freed, index = 0, oldest
            while index <= newest do
              freed = freed + (index < newest and parse(format, value, first + (index - oldest) * width) or count)
              local time = (index + SEGMENTS + 1) * segment - now
              if resets == 0 and freed > used - most then resets = time end
              if freed >= excess then
                waits = excess > 0 and time or 0
                break
              end
              index = index + 1
            end
            if resets == 0 or waits == 0 and excess > 0 and permits <= most then readable = false break end
          end
          if permits > most then waits = NEVER end
        end

        if waits ~= 0 then
          again, takes = again or takes and answer, false
        end
        local remaining = used < most and most - used or 0
        if answer then
          answer = answer .. pack('>i8i8i8', waits, remaining, resets)
        else
          answer = pack('>i8i8i8i8', 0, waits, remaining, resets)
        end
      until at > #policy
      readable = readable and from > size
    until not again or not readable

    if readable and takes then
      value, changed = written, true
      if later then ends = expires end
    end
    left, answer = not readable, readable and answer or pack('>i8', NEVER)
    if several then answers[c] = answer end
    if changed and following ~= key then
      if ends and ends ~= formatted_ends then
        formatted_ends, formatted = ends, string.format('%d', (ends - ends % 1000) / 1000 + 1)
      end
      -- Without a time a key expires when it would have before. One that is there although it
      -- was not seen is of another type.
      local saved
      if patch then
        saved = call('SETRANGE', key, '20', patch)
      elseif not known then
        saved = call('SET', key, value, 'PXAT', formatted, 'NX')
      elseif ends then
        saved = call('SET', key, value, 'PXAT', formatted)
      elseif #value == #known then
        saved = call('SETRANGE', key, '0', value)
      else
        saved = call('SET', key, value, 'KEEPTTL')
      end
      if not saved and several then
        for claim = first_claim, c do answers[claim] = pack('>i8', NEVER) end
      end
      readable = saved and readable
    end
    if not several and readable then return answer end
  end
  if several then return table.concat(answers) end
end
