/// <reference types="../lua" />
import { RedisScript } from '../redis-script';
import appendProgress from './append-progress-2.lua';
import create from './create-2.lua';
import rebuild from './rebuild-2.lua';
import remember from './remember-1.lua';
import replay from './replay-2.lua';
import transition from './transition-2.lua';

/** Every script, with the number of keys that its file's name ends in. */
export const SCRIPTS = {
  appendProgress: new RedisScript('append-progress', 2, appendProgress),
  create: new RedisScript('create', 2, create),
  rebuild: new RedisScript('rebuild', 2, rebuild),
  remember: new RedisScript('remember', 1, remember),
  replay: new RedisScript('replay', 2, replay),
  transition: new RedisScript('transition', 2, transition),
} as const;
