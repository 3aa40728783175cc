--[[
Reads on in a task's stream, together with the seq that tells whether something is missing there.

KEYS[1] hash of the task
KEYS[2] its stream
ARGV[1] id to read after
ARGV[2] how many entries at most

Output
  {seq, entries}  seq as text, or false where the hash is gone; entries as XRANGE gives them

Only reads.
]]
local entries = redis.call('XRANGE', KEYS[2], '(' .. ARGV[1], '+', 'COUNT', ARGV[2])
return {redis.call('HGET', KEYS[1], 'seq'), entries}
