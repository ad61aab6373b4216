-- Decides claims, and charges them if every one of them is granted.
--
-- KEYS[c]      what the key of claim c has used of its policy; no key comes twice
-- ARGV[1]      "take", "peek" or "give-back"; "lease", to take more than is claimed; where
--              there is nothing but sliding windows "slide", to take of one key, and "each",
--              to decide every claim by itself, for which a key may come several times
-- ARGV[2]      how long ago, at most, what is given back was taken; how many more to take
-- ARGV[2c + 1] the limits of the policy of claim c, each as its signature and its numbers
-- ARGV[2c + 2] the permits of claim c
--
-- Returns 1 or 0 for all claims together; then of each claim its delay, and of each of its
-- limits the wait (-1 for ever), the permits remaining, and the time until there are more.
-- For a lease there follow how many more were taken, and how long they can be spent. For
-- "each" there is all of this for every claim, or -1 if "take" has to be asked; a policy
-- that is empty is the one before.
-- Times are microseconds. Numbers are whole and less than 2^53, where they are exact.
--
-- A value is the version of its format, then for each limit its signature (algorithm and
-- window), the length of what follows, and what was used. A limit that replaces another
-- finds what was used by the signature.

local VERSION, VERSION_BYTE = 1, '\1'
local MOST_MOMENTS = 64
local SEGMENTS = 60
local NEVER = -1

-- How long a call that gives back may be under way: held is measured before it is sent. For
-- a sliding window more is safe, since what is given back in the place of a later grant
-- would have left the window sooner.
local TRAVEL = 250000

local pack, unpack = struct.pack, struct.unpack
local floor, ceil, min, max = math.floor, math.ceil, math.min, math.max
local sub, rep = string.sub, string.rep

local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]

local saved_until, until_then

-- Keys that are saved in one call mostly expire together. Without a time a key expires when
-- it would have before.
local function save(key, value, expires)
  if not expires then
    redis.call('SET', key, value, 'KEEPTTL')
    return
  end
  if expires ~= saved_until then
    saved_until, until_then = expires, string.format('%.0f', floor(expires / 1000) + 1)
  end
  redis.call('SET', key, value, 'PXAT', until_then)
end
