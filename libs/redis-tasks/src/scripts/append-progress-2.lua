--[[
Appends progress after the task's last durable event.

KEYS[1] hash of the task; its field `batches` holds the latest batches, as `|<batch>=<first id>`
        and `ttl` the seconds to live that its last transition gave it
KEYS[2] its stream
ARGV[1] channel
ARGV[2] seconds to live where the hash does not say: an older version has written it
ARGV[3] about how many entries the stream keeps
ARGV[4] the batch: a word that no other call uses, without | and =
ARGV[5…] the progress as JSON, in order

Output
   {3, id}  appended: the id of the first entry; the others count on from it
  {-1}      missing: the hash is gone

Sent twice: the second run finds its batch among the latest, writes nothing and answers the same.
]]
local seq, batches, ttl = unpack(redis.call('HMGET', KEYS[1], 'seq', 'batches', 'ttl'))
if not seq then
  return {-1}
end

batches = batches or ''
local mark = '|' .. ARGV[4] .. '='
local _, known = string.find(batches, mark, 1, true)
if known then
  return {3, string.match(batches, '^[%d-]+', known + 1)}
end

-- In a stream that lost the durable event, Redis would give the first entry that event's own id.
local id = seq .. '-*'
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
if not last or tonumber(string.match(last[1], '^%d+')) < tonumber(seq) then
  local now = redis.call('TIME')
  id = seq .. '-' .. now[1] .. string.format('%06d', now[2])
end

local first
for i = 5, #ARGV do
  id = redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], id, 'event', ARGV[i])
  redis.call('PUBLISH', ARGV[1], '{"id":"' .. id .. '","event":' .. ARGV[i] .. '}')
  first = first or id
  id = seq .. '-*'
end

redis.call('HSET', KEYS[1], 'batches', string.sub(batches .. mark .. first, -1024))
redis.call('EXPIRE', KEYS[1], ttl or ARGV[2])
redis.call('EXPIRE', KEYS[2], ttl or ARGV[2])
return {3, first}
