-- Decides claims, and charges them if every one of them is granted.
--
-- KEYS[c]      what the key of claim c has used of its policy; no key comes twice
-- ARGV[1]      "take", "peek", "give-back" or "reset"; "lease", to take more than is claimed; "slide",
--              where there is nothing but sliding windows, to take each claim by itself: a
--              key may come several times there, one behind the other
-- ARGV[2]      how long ago, at most, what is given back was taken; how many more to take; for
--              how long what was taken before a reset could be given back
-- ARGV[2c + 1] the limits of the policy of claim c, each as its signature and its numbers;
--              left out for "slide" where limits and permits are those of the claim before
-- ARGV[2c + 2] the permits of claim c; behind those that are given back, unless each limit has
--              counted them, + for one that has, and - for one that has not
--
-- Returns numbers of eight bytes: of each claim its delay, then of each of its limits the
-- wait (-1 for ever), the permits remaining, and the time until there are more. For a lease
-- there follow how many more were taken, and how long they can be spent. For "slide" with
-- several claims one that has to be asked for by "take" is a delay of -1, and no more.
-- Times are microseconds. Numbers are whole and less than 2^53, where they are exact.
--
-- A value is the version of its format, then for each limit its signature (algorithm and
-- window), the length of what follows, and what was used. A limit that replaces another
-- finds what was used by the signature. A key that was reset keeps the moment behind its limits,
-- as one more with a signature of its own, for as long as what was taken before could be given
-- back.
--
-- What is read may be corrupt, or another application's. So every loop is bounded by the bytes
-- that there are, by the segments of a window or by the moments that a limit can hold, and what
-- bounds it is checked before. A value that this script cannot have written is answered by an
-- error, and left as it is.

local VERSION, VERSION_BYTE = 1, '\1'
local MOST_MOMENTS = 64
local SEGMENTS = 60

-- The latest time that a value can hold, in 2237: with the longest window added, which is ten
-- years, it is still exact.
local LATEST = 2 ^ 53 - 2 ^ 49

-- The time at which a key expires is set again after that many segments.
local BLOCK = 6

local NEVER = -1

local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]

