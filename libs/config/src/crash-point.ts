/**
 * Places at which a process can be killed on purpose, each in a window where a crash could lose or
 * double something. Tests kill a process at every one of them and check what is left.
 */
export const CRASH_POINTS = [
  'coordinator.before-commit',
  'coordinator.after-commit',
  'coordinator.before-publish',
  'coordinator.after-publish',
  'coordinator.after-confirm',
  'coordinator.before-view',
  'coordinator.after-view',
  'coordinator.before-ack',
  'coordinator.after-ack',
  'coordinator.after-lease',
  'agent.after-receive',
  'agent.before-publish',
  'agent.after-publish',
  'agent.after-confirm',
  'agent.before-ack',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

/**
 * Kills the process, as `kill -9` does, where MCP_CRASH_POINT names this point: `<point>` at its
 * first pass, `<point>:<n>` at its n-th. Without that variable it does nothing.
 */
export function crashPoint(point: CrashPoint): void {
  if (armed?.point === point && armed.isDue()) kill();
}

/** As {@link crashPoint}, but lets leave what was written to sockets before the call. */
export function crashPointAfterFlush(point: CrashPoint): void {
  if (armed?.point !== point || !armed.isDue()) return;
  // amqplib hands frames to the socket a turn of the event loop later.
  setImmediate(() => setImmediate(kill));
}

const armed = arm(process.env['MCP_CRASH_POINT']);

function arm(setting: string | undefined) {
  if (!setting) return undefined;
  const [point, pass = '1'] = setting.split(':');
  let passesLeft = Number(pass);
  return { point, isDue: () => (passesLeft -= 1) === 0 };
}

function kill(): void {
  process.kill(process.pid, 'SIGKILL');
}
