--[[
Notes a task in its user's history. Ids are UUIDv7, so among equal scores they stand by time.

KEYS[1] sorted set of the user's tasks
ARGV[1] id of the task
ARGV[2] how many tasks are kept
ARGV[3] seconds to live

Output
   0  always

Sent twice: the second run changes nothing but the expiry.
]]
redis.call('ZADD', KEYS[1], 0, ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -ARGV[2] - 1)
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 0
