-- The commonest question, claims on sliding windows, is answered before the rest of the
-- script is reached, whose functions take longer to make than this takes to run. For the
-- same reason there are no tables here but the reply: what is read is kept where it stands.

local LOG, SEGMENTED = string.byte('L'), string.byte('S')

-- Returns the segment in which the last of the oldest permits was taken. The counts stand
-- in a value from a position on, the first of them that of the oldest segment.
local function last_of(permits, value, at, format, width, oldest)
  local freed, index = unpack(format, value, at), oldest
  while freed < permits do
    index = index + 1
    freed = freed + unpack(format, value, at + (index - oldest) * width)
  end
  return index
end

local reply, size_of_reply = {}, 0

-- Decides a claim by the value of its key, and adds what to say of it to the reply. Returns
-- true, and if the claim is granted the new value, and when it expires if that is not when
-- the former one would have; nothing where the value is laid out otherwise, since the policy
-- was another one. With several limits permits are taken of each in turn, and if one refuses,
-- all is done again without taking.
local function slide(value, policy, permits, takes)
  local written, expires, allowed, at_reply = VERSION_BYTE, now, size_of_reply + 1, size_of_reply + 3
  local at, from, size, later = 1, 2, value and #value or 0, not value
  if value and string.byte(value) ~= VERSION then return end
  reply[allowed] = 1
  reply[allowed + 1] = 0
  repeat
    local signature, most, window, segment, width
    signature, most, window, segment, width, at = unpack('>c8I7I7I7B', policy, at)
    local used, waits, resets = 0, 0, 0

    if most <= MOST_MOMENTS then
      local moments, stored, length, kind = ''
      if value then
        if size < from + 10 then return end
        stored, length, kind = unpack('>c8I2B', value, from)
        if stored ~= signature or kind ~= LOG then return end
        local first, last = from + 11, from + 9 + length
        while first < last and now - unpack('>I7', value, first) >= window do first = first + 7 end
        moments, used, from = sub(value, first, last), (last + 1 - first) / 7, last + 1
      end
      local excess = used + permits - most
      if permits > most then waits = NEVER
      elseif excess > 0 then waits = unpack('>I7', moments, excess * 7 - 6) + window - now
      elseif takes then
        local newest = used > 0 and max(now, (unpack('>I7', moments, used * 7 - 6))) or now
        moments, used = moments .. rep(pack('>I7', newest), permits), used + permits
        written = written .. pack('>c8I2B', signature, #moments + 1, LOG) .. moments
        expires, later = max(expires, newest + window), true
      end
      if used > 0 then resets = unpack('>I7', moments, max(0, used - most) * 7 + 1) + window - now end

    else
      local format = width == 1 and '>B' or width == 2 and '>I2' or width == 4 and '>I4' or '>I7'
      local current, first, last = floor(now / segment), 0, -1
      local newest, oldest = current, current
      if value then
        if size < from + 25 then return end
        local stored, length, kind, stored_width
        stored, length, kind, newest, used, stored_width = unpack('>c8I2BI7I7B', value, from)
        if stored ~= signature or kind ~= SEGMENTED or stored_width ~= width then return end
        first, last = from + 26, from + 9 + length
        oldest, from = newest - (last + 1 - first) / width + 1, last + 1
        while used > 0 do
          local passed = unpack(format, value, first)
          if passed > 0 and oldest >= current - SEGMENTS then break end
          used, oldest, first = used - passed, oldest + 1, first + width
        end
      end
      local excess = used + permits - most
      if permits > most then waits = NEVER
      elseif excess > 0 then
        waits = (last_of(excess, value, first, format, width, oldest) + SEGMENTS + 1) * segment - now
      elseif takes then
        local before, count = '', permits
        if used == 0 then
          newest, oldest, later = current, current, true
        elseif current > newest then
          later, before, newest = true, sub(value, first, last) .. rep('\0', (current - newest - 1) * width), current
        else
          before = sub(value, first, last - width)
          count = unpack(format, value, last - width + 1) + permits
        end
        used = used + permits
        written = written .. pack('>c8I2BI7I7B', signature, #before + width + 16, SEGMENTED, newest, used, width)
          .. before .. pack(format, count)
        expires = max(expires, (newest + SEGMENTS + 1) * segment)
      end
      if used > most then
        resets = (last_of(used + 1 - most, value, first, format, width, oldest) + SEGMENTS + 1) * segment - now
      elseif used > 0 then
        resets = (oldest + SEGMENTS + 1) * segment - now
      end
    end

    if waits ~= 0 then
      if takes and at_reply > allowed + 2 then return slide(value, policy, permits, false) end
      takes, reply[allowed] = false, 0
    end
    reply[at_reply] = waits
    reply[at_reply + 1] = max(0, most - used)
    reply[at_reply + 2] = resets
    at_reply = at_reply + 3
  until at > #policy
  if from <= size then return end
  size_of_reply = at_reply - 1
  return true, takes and written, later and expires
end

if ARGV[1] == 'slide' then
  local decided, written, expires = slide(redis.call('GET', KEYS[1]), ARGV[3], tonumber(ARGV[4]), true)
  if written then save(KEYS[1], written, expires) end
  if decided then return reply end
elseif ARGV[1] == 'each' then
  local values, ends, policy = {}, {}, nil
  for c, key in ipairs(KEYS) do
    local value = values[key]
    if value == nil then value = redis.pcall('GET', key) end
    if ARGV[2 * c + 1] ~= '' then policy = ARGV[2 * c + 1] end
    local decided, written, expires
    if type(value) ~= 'table' then
      decided, written, expires = slide(value, policy, tonumber(ARGV[2 * c + 2]), true)
    end
    if not decided then
      size_of_reply = size_of_reply + 1
      reply[size_of_reply] = -1
    end
    values[key] = written or value
    if written then ends[key] = expires or ends[key] or false end
  end
  for key, expires in pairs(ends) do save(key, values[key], expires) end
  return reply
end
