--[[
Replaces the view and the durable events of a task by those of the truth. Progress that is still in
the stream keeps its place between them.

KEYS[1] hash of the task
KEYS[2] its stream
ARGV[1] channel
ARGV[2] seconds to live, for progress that comes after it too
ARGV[3] about how many entries the stream keeps
ARGV[4] number of the first event
ARGV[5] seq, ARGV[6] status, ARGV[7] userId, ARGV[8] view
ARGV[9…] the events as JSON, in order, the last one numbered seq; there may be none

Output
   2  rebuilt; the last event is published, so that whoever lacks it reads the stream again
  -3  stale: hash or stream are at a higher seq; nothing was changed

Sent twice: the second run does the same again.
]]
local function seqOf(id)
  return tonumber(string.match(id, '^%d+'))
end

local function isDurable(id)
  return string.sub(id, -2) == '-0'
end

local entries = redis.call('XRANGE', KEYS[2], '-', '+')
local stored = tonumber(redis.call('HGET', KEYS[1], 'seq') or 0)
if #entries > 0 then
  stored = math.max(stored, seqOf(entries[#entries][1]))
end
if stored > tonumber(ARGV[5]) then
  return -3
end

local function add(id, event)
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], id, 'event', event)
end

local next = 1
local function addProgressBefore(number)
  while next <= #entries and seqOf(entries[next][1]) < number do
    if not isDurable(entries[next][1]) then
      add(entries[next][1], entries[next][2][2])
    end
    next = next + 1
  end
end

redis.call('DEL', KEYS[2])
for i = 9, #ARGV do
  local number = ARGV[4] + i - 9
  addProgressBefore(number)
  add(string.format('%d-0', number), ARGV[i])
end
addProgressBefore(ARGV[5] + 1)

-- Ids given from here on are above all that were ever given for this seq, even those that were
-- lost together with the stream: a reader would take lower ones for entries it has seen. Refused
-- where the stream has such an id already, which serves as well.
if redis.call('EXISTS', KEYS[2]) == 1 then
  local now = redis.call('TIME')
  redis.pcall('XSETID', KEYS[2], ARGV[5] .. '-' .. now[1] .. string.format('%06d', now[2]))
  redis.call('EXPIRE', KEYS[2], ARGV[2])
end

redis.call('HSET', KEYS[1], 'seq', ARGV[5], 'status', ARGV[6], 'userId', ARGV[7], 'view', ARGV[8], 'ttl', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[2])
if #ARGV >= 9 then
  redis.call('PUBLISH', ARGV[1], '{"id":"' .. ARGV[5] .. '-0","event":' .. ARGV[#ARGV] .. '}')
end
return 2
