-- How long a call that gives back may be under way: held is measured before it is sent. For
-- a sliding window more is safe, since what is given back in the place of a later grant
-- would have left the window sooner; there it is a segment at least, since a server that was
-- halted answers late.
local TRAVEL = 250000

-- The signature of a reset: when it was, and until when that matters.
local RESET = 'reset\0\0\0'

-- The longest time for which that can matter: longer than the longest window.
local LONGEST = 2 ^ 49

-- The most permits that a limit can have.
local MOST_PERMITS = 999999999999999

-- A value is no longer than this, or than sixteen times its policy: what the largest limit has
-- used takes 453 bytes, and the limit 29.
local MOST_BYTES = 2 ^ 14

-- How far off a quotient of floating-point numbers can be.
local INEXACT = 4

local pack, unpack = struct.pack, struct.unpack
local floor, ceil, min, max = math.floor, math.ceil, math.min, math.max
local sub, rep = string.sub, string.rep

-- Each algorithm reads what was used, or nothing where there is nothing, and returns whether
-- it can have written that.

-- A sliding window of few permits: the moment of each grant, oldest first, all of them within
-- a window.
local log = {}

function log.read(limit, data)
  if #data % 7 ~= 0 or #data > 7 * MOST_MOMENTS then return false end
  local oldest, newest, expired = nil, 0, 0
  for at = 1, #data, 7 do
    local moment = unpack('>I7', data, at)
    oldest = oldest or moment
    if moment < newest or moment > LATEST or moment - oldest >= limit.window then return false end
    if now - moment >= limit.window then expired = expired + 1 end
    newest = moment
  end
  limit.moments, limit.used = sub(data, expired * 7 + 1), #data / 7 - expired
  return true
end

function log.wait(limit, permits)
  local excess = limit.used + permits - limit.permits
  if excess <= 0 then return 0 end
  return unpack('>I7', limit.moments, excess * 7 - 6) + limit.window - now
end

function log.newest(limit)
  return limit.used > 0 and max(now, (unpack('>I7', limit.moments, limit.used * 7 - 6))) or now
end

function log.take(limit, permits)
  limit.moments = limit.moments .. rep(pack('>I7', log.newest(limit)), permits)
  limit.used = limit.used + permits
end

function log.give_back(limit, permits, held)
  if held >= limit.window then return end
  local first, newest = 0, log.newest(limit)
  local longest = held + max(TRAVEL, limit.window / SEGMENTS)
  while first < limit.used and newest - unpack('>I7', limit.moments, first * 7 + 1) > longest do
    first = first + 1
  end
  local given = min(permits, limit.used - first)
  limit.moments = sub(limit.moments, 1, first * 7) .. sub(limit.moments, (first + given) * 7 + 1)
  limit.used = limit.used - given
end

function log.write(limit)
  return 'L' .. limit.moments, log.newest(limit) + limit.window
end

-- A sliding window of many permits: counts of the segments from the oldest that counts to
-- the newest; in the value that of the newest stands first. All are as wide as the widest
-- that there was. A segment counts until no moment of it can be within the window.
local segments = {}

local function count(limit, index)
  return (unpack(limit.format, limit.counts, (index - limit.oldest) * limit.width + 1))
end

local function set_count(limit, index, permits)
  local at = (index - limit.oldest) * limit.width
  limit.counts = sub(limit.counts, 1, at) .. pack(limit.format, permits) .. sub(limit.counts, at + limit.width + 1)
end

local function counts_of(limit, width, used, newest, counts)
  limit.width, limit.format = width, '>I' .. width
  limit.used, limit.newest, limit.counts = used, newest, counts
  limit.oldest = newest - #counts / width + 1
end

local function widen(limit, permits)
  local width = permits < 0x100 and 1 or permits < 0x10000 and 2 or permits < 0x100000000 and 4 or 7
  if width > limit.width then
    local counts = {}
    for index = limit.oldest, limit.newest do
      counts[#counts + 1] = pack('>I' .. width, count(limit, index))
    end
    counts_of(limit, width, limit.used, limit.newest, table.concat(counts))
  end
end

local function add(limit, index, permits)
  widen(limit, permits + (limit.used > 0 and index == limit.newest and count(limit, index) or 0))
  if limit.used == 0 then
    limit.counts, limit.oldest = pack(limit.format, permits), index
  elseif index == limit.newest then
    set_count(limit, index, count(limit, index) + permits)
  else
    limit.counts = limit.counts .. rep('\0', (index - limit.newest - 1) * limit.width) .. pack(limit.format, permits)
  end
  limit.newest, limit.used = index, limit.used + permits
end

local function drop_passed(limit)
  local from = limit.oldest
  while limit.used > 0 and from <= limit.newest do
    local passed = count(limit, from)
    if passed > 0 and from >= floor(now / limit.segment) - SEGMENTS then break end
    limit.used = limit.used - passed
    from = from + 1
  end
  limit.counts, limit.oldest = sub(limit.counts, (from - limit.oldest) * limit.width + 1), from
end

function segments.read(limit, data)
  if #data < 16 then return false end
  local width, newest, used = unpack('>BI7I7', data)
  if width ~= 1 and width ~= 2 and width ~= 4 and width ~= 7 then return false end
  local size = (#data - 15) / width
  if size % 1 ~= 0 or size < 1 or size > SEGMENTS + 1 or newest * limit.segment > LATEST or used > MOST_PERMITS then
    return false
  end
  counts_of(limit, width, used, newest, sub(data, 16 + width) .. sub(data, 16, 15 + width))
  local sum = 0
  for index = limit.oldest, newest do
    sum = sum + count(limit, index)
  end
  if sum ~= used or size > 1 and count(limit, limit.oldest) == 0 then return false end
  drop_passed(limit)
  return true
end

function segments.of_moments(limit, moments)
  counts_of(limit, 1, 0, 0, '')
  for at = 1, #moments, 7 do
    add(limit, floor(unpack('>I7', moments, at) / limit.segment), 1)
  end
end

function segments.wait(limit, permits)
  local excess = limit.used + permits - limit.permits
  if excess <= 0 then return 0 end
  local index = limit.oldest
  local freed = count(limit, index)
  while freed < excess and index < limit.newest do
    index = index + 1
    freed = freed + count(limit, index)
  end
  return (index + SEGMENTS + 1) * limit.segment - now
end

function segments.take(limit, permits)
  add(limit, max(floor(now / limit.segment), limit.used > 0 and limit.newest or 0), permits)
end

function segments.give_back(limit, permits, held)
  if held >= limit.window or limit.used == 0 then return end
  local first = floor((now - held - max(TRAVEL, limit.segment)) / limit.segment)
  for index = max(limit.oldest, first), limit.newest do
    local there = count(limit, index)
    local given = min(permits, there)
    set_count(limit, index, there - given)
    limit.used, permits = limit.used - given, permits - given
  end
  drop_passed(limit)
end

function segments.write(limit)
  local counts = limit.used > 0 and limit.counts or pack(limit.format, 0)
  return 'S' .. pack('>BI7I7', limit.width, limit.newest, limit.used) .. sub(counts, -limit.width)
    .. sub(counts, 1, -limit.width - 1), (limit.newest - limit.newest % BLOCK + BLOCK + SEGMENTS) * limit.segment
end

local sliding = {}

function sliding.read(limit, data)
  local kind = data and sub(data, 1, 1) or 'L'
  if kind == 'S' then
    limit.kind = segments
    return segments.read(limit, sub(data, 2))
  end
  limit.kind = log
  local readable = kind == 'L' and log.read(limit, data and sub(data, 2) or '')
  if readable and limit.permits > MOST_MOMENTS then
    limit.kind = segments
    segments.of_moments(limit, limit.moments)
  end
  return readable
end

local function remaining_of_window(limit)
  return max(0, limit.permits - limit.used)
end

log.remaining, segments.remaining = remaining_of_window, remaining_of_window

-- A window that starts at a multiple of its length, or at a boundary of the calendar.
local fixed = { remaining = remaining_of_window }

-- Returns the window of the calendar that a moment is in, or about that where it begins behind
-- those that are known: the server's clock has stepped back by more than one.
local function calendar_window(boundaries, moment)
  local longest = 0
  for i = 1, #boundaries - 1 do
    if moment >= boundaries[i] and moment < boundaries[i + 1] then return boundaries[i], boundaries[i + 1] end
    longest = max(longest, boundaries[i + 1] - boundaries[i])
  end
  return moment, moment + longest
end

function fixed.read(limit, data)
  local start, used = 0, 0
  if data then
    if #data ~= 14 then return false end
    start, used = unpack('>I7I7', data)
    if start > LATEST or used > MOST_PERMITS then return false end
  end
  local moment, boundaries = max(now, start), limit.boundaries
  if boundaries then
    limit.outside = now < boundaries[1] or now >= boundaries[#boundaries]
    limit.start, limit.ends = calendar_window(boundaries, moment)
  else
    if start % limit.window ~= 0 then return false end
    limit.start = moment - moment % limit.window
    limit.ends = limit.start + limit.window
  end
  -- Where the time zone's rules have changed it may have begun in the middle of the window.
  limit.used = start >= limit.start and used or 0
  return true
end

function fixed.wait(limit, permits)
  return limit.used + permits <= limit.permits and 0 or limit.ends - now
end

function fixed.take(limit, permits)
  limit.used = limit.used + permits
end

function fixed.give_back(limit, permits, held)
  if held <= now - limit.start then limit.used = max(0, limit.used - permits) end
end

function fixed.write(limit)
  return pack('>I7I7', limit.start, limit.used), limit.ends
end

-- Token bucket and leaky bucket by the generic cell rate algorithm: the time at which the
-- bucket is full or empty again, and a fraction of a microsecond in units of 1 / permits.
local bucket = {}

local function refill(limit, permits)
  local rest = permits * limit.rest
  return permits * limit.whole + floor(rest / limit.permits), rest % limit.permits
end

local function rounded_up(limit, micros, fraction)
  return max(0, micros + ceil(fraction / limit.permits))
end

-- Returns the most permits that refill within a time.
local function within(limit, room, room_fraction, most)
  local function fits(permits)
    local micros, fraction = refill(limit, permits)
    return micros < room or (micros == room and fraction <= room_fraction)
  end
  local about = floor((room + room_fraction / limit.permits) / limit.window * limit.permits)
  local permits = min(most, max(0, about))
  for _ = 1, INEXACT do
    if permits == most or not fits(permits + 1) then break end
    permits = permits + 1
  end
  for _ = 1, INEXACT do
    if permits == 0 or fits(permits) then break end
    permits = permits - 1
  end
  return permits
end

function bucket.read(limit, data)
  limit.time, limit.fraction = now, 0
  if not data then return true end
  if #data ~= 21 then return false end
  local time, fraction, permits = unpack('>I7I7I7', data)
  if time > LATEST or permits < 1 or permits > MOST_PERMITS or fraction >= permits then return false end
  if permits == limit.permits then
    if time >= now then limit.time, limit.fraction = time, fraction end
  elseif limit.leaky then
    limit.time = max(now, min(time + (fraction > 0 and 1 or 0), LATEST))
  elseif time >= now then
    local former = { permits = permits, window = limit.window,
      whole = floor(limit.window / permits), rest = limit.window % permits }
    local used = within(former, time - now, fraction, limit.most)
    local micros, rest = refill(former, used)
    if micros ~= time - now or rest ~= fraction then used = used + 1 end
    bucket.take(limit, min(used, limit.most))
  end
  return true
end

function bucket.wait(limit, permits)
  local micros, fraction = refill(limit, permits)
  return rounded_up(limit, limit.time - now + micros - limit.tolerance,
    limit.fraction + fraction - limit.tolerance_fraction)
end

function bucket.delay(limit, permits)
  local micros, fraction = refill(limit, permits - 1)
  return rounded_up(limit, limit.time - now + micros, limit.fraction + fraction)
end

function bucket.take(limit, permits)
  local micros, fraction = refill(limit, permits)
  fraction = limit.fraction + fraction
  limit.time = limit.time + micros + floor(fraction / limit.permits)
  limit.fraction = fraction % limit.permits
end

function bucket.give_back(limit, permits, held)
  if not limit.leaky then
    limit.time = max(now, limit.time - max(0, (refill(limit, permits)) - held))
  end
end

function bucket.remaining(limit)
  local fraction = limit.tolerance_fraction - limit.fraction
  local room = limit.tolerance - (limit.time - now) + floor(fraction / limit.permits)
  return within(limit, room, fraction % limit.permits, limit.capacity)
end

function bucket.write(limit)
  return pack('>I7I7I7', limit.time, limit.fraction, limit.permits), limit.time
end

local readers = {}

function readers.s(policy, at)
  local limit = { kind = sliding }
  limit.permits, limit.window, limit.segment, at = unpack('>I7I7I7', policy, at)
  limit.capacity = limit.permits
  return limit, at
end

function readers.f(policy, at)
  local limit = { kind = fixed }
  limit.permits, limit.window, at = unpack('>I7I7', policy, at)
  limit.capacity = limit.permits
  return limit, at
end

function readers.c(policy, at)
  local limit, boundaries = { kind = fixed }, {}
  limit.permits, boundaries[1], boundaries[2], boundaries[3], boundaries[4], at = unpack('>I7I7I7I7I7', policy, at)
  limit.capacity, limit.boundaries = limit.permits, boundaries
  return limit, at
end

function readers.t(policy, at)
  local limit = { kind = bucket }
  limit.permits, limit.window, limit.capacity, limit.tolerance, limit.tolerance_fraction, limit.most, at =
    unpack('>I7I7I7I7I7I7', policy, at)
  limit.whole, limit.rest = floor(limit.window / limit.permits), limit.window % limit.permits
  return limit, at
end

function readers.l(policy, at)
  local limit
  limit, at = readers.t(policy, at)
  limit.leaky = true
  return limit, at
end

-- Returns what was used by signature, each as a list in the order of the limits, or nothing
-- where lengths and bytes do not agree.
local function stored(value)
  local used, at = {}, 2
  repeat
    if at + 9 > #value then return nil end
    local signature, length
    signature, length, at = unpack('>c8I2', value, at)
    used[signature] = used[signature] or {}
    table.insert(used[signature], sub(value, at, at + length - 1))
    at = at + length
  until at > #value
  return at == #value + 1 and used or nil
end

local function unreadable(reason)
  return redis.error_reply('RATELIMITFORMAT a value ' .. reason)
end

local function entry(signature, data)
  return pack('>c8I2', signature, #data) .. data
end

local function read(claim, policy)
  -- Not more than can be right, since there may be megabytes.
  local most = max(MOST_BYTES, 16 * #policy)
  local value = redis.call('GETRANGE', claim.key, 0, most)
  if value == '' then value = redis.call('GET', claim.key) end
  local format = value and (string.byte(value) or 0) or VERSION
  if format ~= VERSION then return unreadable('is of format ' .. format .. ', not ' .. VERSION) end
  local used = {}
  if value then
    used = #value <= most and stored(value)
    if not used then return unreadable('is corrupt') end
  end
  claim.known = value
  if used[RESET] then
    if #used[RESET] > 1 or #used[RESET][1] ~= 14 then return unreadable('is corrupt') end
    local moment, ends = unpack('>I7I7', used[RESET][1])
    if moment > LATEST or ends < moment or ends - moment > LONGEST then return unreadable('is corrupt') end
    if ends > now then claim.reset, claim.reset_ends = moment, ends end
  end
  local at = 1
  while at <= #policy do
    local signature = sub(policy, at, at + 7)
    local limit
    limit, at = readers[sub(signature, 1, 1)](policy, at + 8)
    limit.signature = signature
    local data = used[signature] and table.remove(used[signature], 1)
    if not limit.kind.read(limit, data) then return unreadable('is corrupt') end
    if limit.outside then return redis.error_reply('RATELIMITCALENDAR ' .. string.format('%.0f', now)) end
    claim.limits[#claim.limits + 1] = limit
  end
end

local function write(claim)
  local value, expires = { VERSION_BYTE }, now
  for _, limit in ipairs(claim.limits) do
    local data, until_then = limit.kind.write(limit)
    value[#value + 1] = entry(limit.signature, data)
    expires = max(expires, until_then)
  end
  if claim.reset then
    value[#value + 1] = entry(RESET, pack('>I7I7', claim.reset, claim.reset_ends))
    expires = max(expires, claim.reset_ends)
  end
  redis.call('SET', claim.key, table.concat(value), 'PXAT', floor(expires / 1000) + 1)
end

-- Takes more than is claimed, and leaves as much to others.
local function take_ahead(claim, most)
  for _, limit in ipairs(claim.limits) do
    if limit.kind == bucket then return 0 end
    most = min(most, floor(limit.kind.remaining(limit) / 2))
  end
  if most > 0 then
    for _, limit in ipairs(claim.limits) do limit.kind.take(limit, most) end
  end
  return most
end

-- Returns the time for which all limits count what is spent where it was taken.
local function time_to_spend(claim)
  local ends
  for _, limit in ipairs(claim.limits) do
    local until_then = limit.ends or limit.segment and (floor(now / limit.segment) + 1) * limit.segment or now
    ends = min(ends or until_then, until_then)
  end
  return ends - now
end

local operation, amount = ARGV[1], tonumber(ARGV[2])
local takes = operation ~= 'peek' and operation ~= 'give-back'

if operation == 'reset' then
  for _, key in ipairs(KEYS) do
    -- A key that is not there has nothing that could be given back. Where there is no memory
    -- for the moment the rest is still forgotten.
    if redis.call('DEL', key) == 1 then
      local ends = now + amount
      redis.pcall('SET', key, VERSION_BYTE .. entry(RESET, pack('>I7I7', now, ends)), 'PXAT', floor(ends / 1000) + 1)
    end
  end
  return ''
end

local claims, allowed = {}, true
for c, key in ipairs(KEYS) do
  local permits, counted = ARGV[2 * c + 2], ''
  if operation == 'give-back' then permits, counted = string.match(permits, '(%d+)(.*)') end
  local claim = { key = key, permits = tonumber(permits), counted = counted, limits = {}, delay = 0 }
  local failure = read(claim, ARGV[2 * c + 1])
  if failure then return failure end
  claims[c] = claim
  for _, limit in ipairs(claim.limits) do
    limit.waits = claim.permits > limit.capacity and NEVER or limit.kind.wait(limit, claim.permits)
    allowed = allowed and limit.waits == 0
  end
end

if operation == 'give-back' then
  for _, claim in ipairs(claims) do
    local forgotten = claim.reset and now - amount - TRAVEL < claim.reset
    if claim.known and not forgotten then
      for i, limit in ipairs(claim.limits) do
        if sub(claim.counted, i, i) ~= '-' then
          limit.kind.give_back(limit, min(claim.permits, limit.capacity), amount)
        end
      end
      write(claim)
    end
  end
  return ''
end

local reply = {}
local function say(...)
  for i = 1, select('#', ...) do
    reply[#reply + 1] = pack('>i8', (select(i, ...)))
  end
end

for _, claim in ipairs(claims) do
  for _, limit in ipairs(claim.limits) do
    if limit.leaky and limit.waits == 0 then
      claim.delay = max(claim.delay, bucket.delay(limit, claim.permits))
    end
  end
  say(claim.delay)
  for _, limit in ipairs(claim.limits) do
    if allowed and takes then
      limit.kind.take(limit, claim.permits)
    end
  end
  local more = operation == 'lease' and allowed and take_ahead(claim, amount) or 0
  for _, limit in ipairs(claim.limits) do
    local remaining = limit.kind.remaining(limit)
    say(limit.waits, remaining, remaining < limit.capacity and limit.kind.wait(limit, remaining + 1) or 0)
  end
  if operation == 'lease' then
    say(more, time_to_spend(claim))
  end
  if allowed and takes then
    write(claim)
  end
end
return table.concat(reply)
