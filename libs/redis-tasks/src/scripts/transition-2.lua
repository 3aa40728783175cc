--[[
Takes a task from one state to the next: compare-and-set on the event number.

KEYS[1] hash of the task
KEYS[2] its stream
ARGV[1] channel
ARGV[2] seconds to live, for progress that comes after it too
ARGV[3] about how many entries the stream keeps
ARGV[4] number of the first event
ARGV[5] seq, ARGV[6] status, ARGV[7] userId, ARGV[8] view
ARGV[9…] the events as JSON, in order, the last one numbered seq

Output
   1  applied; events that were in already are not written again
  -1  missing: the hash is gone
  -3  stale: the stored seq is this one or a higher one; nothing was changed
  -4  gap: the stored seq is lower than the first event's number less one; nothing was changed

Sent twice: the second run answers -3.
]]
local stored = redis.call('HGET', KEYS[1], 'seq')
if not stored then
  return -1
end

stored = tonumber(stored)
if stored >= tonumber(ARGV[5]) then
  return -3
end
if stored < ARGV[4] - 1 then
  return -4
end

for i = 9, #ARGV do
  local number = ARGV[4] + i - 9
  if number > stored then
    local id = string.format('%d-0', number)
    redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], id, 'event', ARGV[i])
    redis.call('PUBLISH', ARGV[1], '{"id":"' .. id .. '","event":' .. ARGV[i] .. '}')
  end
end

redis.call('HSET', KEYS[1], 'seq', ARGV[5], 'status', ARGV[6], 'userId', ARGV[7], 'view', ARGV[8], 'ttl', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[2])
return 1
