--[[
Puts a new task in.

KEYS[1] hash of the task
KEYS[2] its stream
ARGV[1] channel
ARGV[2] seconds to live, for progress that comes after it too
ARGV[3] about how many entries the stream keeps
ARGV[4] number of the first event
ARGV[5] seq, ARGV[6] status, ARGV[7] userId, ARGV[8] view
ARGV[9…] the events as JSON, in order

Output
   0  created
  -2  exists: the hash or its stream is there already; nothing was changed

Sent twice: the second run answers -2.
]]
if redis.call('EXISTS', KEYS[1], KEYS[2]) > 0 then
  return -2
end

for i = 9, #ARGV do
  local id = string.format('%d-0', ARGV[4] + i - 9)
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], id, 'event', ARGV[i])
  redis.call('PUBLISH', ARGV[1], '{"id":"' .. id .. '","event":' .. ARGV[i] .. '}')
end

redis.call('HSET', KEYS[1], 'seq', ARGV[5], 'status', ARGV[6], 'userId', ARGV[7], 'view', ARGV[8], 'ttl', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[2])
return 0
