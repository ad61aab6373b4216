-- The commonest question, one claim on sliding windows, is answered before the rest of the
-- script is reached, whose functions take longer to make than this takes to run. A value
-- that is laid out otherwise, since the policy was another one, is left to the rest.
if ARGV[1] == 'slide' then
  local policy, permits = ARGV[3], tonumber(ARGV[4])
  local value = redis.call('GET', KEYS[1])
  local limits, allowed, at, from = {}, true, 1, 2
  local same = not value or string.byte(value) == VERSION

  -- Returns how long it takes until the oldest of the permits have left.
  local function frees(limit, permits)
    if limit.few then
      return unpack('>I7', limit.counts, permits * 7 - 6) + limit.window - now
    end
    local index, freed = limit.oldest, 0
    while true do
      freed = freed + unpack(limit.format, limit.counts, (index - limit.oldest) * limit.width + 1)
      if freed >= permits then return (index + SEGMENTS + 1) * limit.segment - now end
      index = index + 1
    end
  end

  while same and at <= #policy do
    local signature, most, window, segment, width
    signature, most, window, segment, width, at = unpack('>c8I7I7I7B', policy, at)
    local few = most <= MOST_MOMENTS
    local limit = { signature = signature, most = most, window = window, segment = segment, width = width,
      format = '>I' .. width, few = few, counts = '', oldest = 0, newest = 0, used = 0 }
    limits[#limits + 1] = limit
    if value then
      local stored, length, kind
      same = #value >= from + 10
      if same then
        stored, length, kind = unpack('>c8I2c1', value, from)
        same = stored == signature and kind == (few and 'L' or 'S')
      end
      if same and few then
        local counts = sub(value, from + 11, from + 9 + length)
        local used, expired = #counts / 7, 0
        while expired < used and now - unpack('>I7', counts, expired * 7 + 1) >= window do expired = expired + 1 end
        limit.counts, limit.used = sub(counts, expired * 7 + 1), used - expired
      elseif same then
        local newest, used, stored_width = unpack('>I7I7B', value, from + 11)
        local counts = sub(value, from + 26, from + 9 + length)
        local first = newest - #counts / width + 1
        local oldest, still = first, floor(now / segment) - SEGMENTS
        same = stored_width == width
        while same and used > 0 do
          local passed = unpack(limit.format, counts, (oldest - first) * width + 1)
          if passed > 0 and oldest >= still then break end
          used, oldest = used - passed, oldest + 1
        end
        limit.counts, limit.used = sub(counts, (oldest - first) * width + 1), used
        limit.newest, limit.oldest = newest, oldest
      end
      from = from + 10 + (length or 0)
    end
    if same then
      local excess = limit.used + permits - most
      limit.waits = permits > most and NEVER or excess > 0 and frees(limit, excess) or 0
      allowed = allowed and limit.waits == 0
    end
  end

  if same and (not value or from > #value) then
    local reply, written, expires = { allowed and 1 or 0, 0 }, string.char(VERSION), now
    for _, limit in ipairs(limits) do
      if allowed then
        local data
        if limit.few then
          local newest = limit.used > 0 and max(now, (unpack('>I7', limit.counts, limit.used * 7 - 6))) or now
          limit.counts = limit.counts .. rep(pack('>I7', newest), permits)
          data = 'L' .. limit.counts
          expires = max(expires, newest + limit.window)
        else
          local index, counts, width = floor(now / limit.segment), limit.counts, limit.width
          if limit.used == 0 then
            limit.counts, limit.oldest, limit.newest = pack(limit.format, permits), index, index
          elseif index > limit.newest then
            limit.counts = counts .. rep('\0', (index - limit.newest - 1) * width) .. pack(limit.format, permits)
            limit.newest = index
          else
            local last = unpack(limit.format, counts, #counts - width + 1)
            limit.counts = sub(counts, 1, #counts - width) .. pack(limit.format, last + permits)
          end
          data = 'S' .. pack('>I7I7B', limit.newest, limit.used + permits, width) .. limit.counts
          expires = max(expires, (limit.newest + SEGMENTS + 1) * limit.segment)
        end
        limit.used = limit.used + permits
        written = written .. pack('>c8I2', limit.signature, #data) .. data
      end
      local remaining = max(0, limit.most - limit.used)
      local size = #reply
      reply[size + 1], reply[size + 2] = limit.waits, remaining
      reply[size + 3] = limit.used > 0 and frees(limit, max(1, limit.used + 1 - limit.most)) or 0
    end
    if allowed then save(KEYS[1], written, expires) end
    return reply
  end
end

