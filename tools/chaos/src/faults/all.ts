import { DELETE_QUEUE } from './delete-queue';
import type { Fault } from './fault';
import { FLUSH_REDIS } from './flush-redis';
import { FREEZE_PROCESS } from './freeze-process';
import { KILL_PROCESS } from './kill-process';
import { KILL_SERVERS } from './kill-server';
import { CUT_LINK, DELAY_LINK, HALF_OPEN_LINK, THROTTLE_LINK } from './links';
import { MEMORY_ALARM } from './memory-alarm';
import { REPEAT_DELIVERIES } from './repeat-deliveries';
import { SKEW_CLOCK } from './skew-clock';
import { STOP_PROCESS } from './stop-process';
import { TERMINATE_BACKENDS } from './terminate-backends';

/** Every fault there is. */
export const FAULTS: readonly Fault[] = [
  KILL_PROCESS,
  STOP_PROCESS,
  FREEZE_PROCESS,
  SKEW_CLOCK,
  ...KILL_SERVERS,
  FLUSH_REDIS,
  TERMINATE_BACKENDS,
  MEMORY_ALARM,
  DELAY_LINK,
  THROTTLE_LINK,
  HALF_OPEN_LINK,
  CUT_LINK,
  REPEAT_DELIVERIES,
  DELETE_QUEUE,
];
