import { AGENTS } from '@askflash/contracts';
import { eventually, freePort, type TestBackbone } from '@askflash/testing';
import { join } from 'node:path';
import type { Workbench } from '../benchmark';
import { Program } from '../systems/program';

const READY_WITHIN_MS = 120_000;

const APPS = [
  { app: 'coordinator', port: 'COORDINATOR_PORT' },
  { app: 'health-monitor', port: 'HEALTH_MONITOR_PORT' },
  ...AGENTS.map(({ name }) => ({ app: `agents/${name}`, port: 'AGENT_PORT' })),
];

/** Every app of the backbone, each in a process of its own, and ready. */
export interface Stack {
  readonly apps: readonly Pick<Program, 'role' | 'pid'>[];
  stop(): Promise<void>;
}

/** Starts coordinator, health-monitor and the five agents, as built. */
export async function startStack(bench: Workbench, env: TestBackbone['env']): Promise<Stack> {
  const programs: Program[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(programs.map((program) => program.stop()));
  };
  const start = async ({ app, port: variable }: (typeof APPS)[number]): Promise<void> => {
    const port = await freePort();
    const program = Program.start({
      role: app,
      args: ['--enable-source-maps', `dist/apps/${app}/main.js`],
      env: { ...env, LOG_LEVEL: 'warn', ASKFLASH_STACK_FILE: '', [variable]: String(port) },
      logFile: join(bench.folder, `stack-${app.replace('/', '-')}.log`),
    });
    programs.push(program);
    const isReady = async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok;
    const ready = eventually(isReady, { timeoutMs: READY_WITHIN_MS, what: `${app} to be ready` });
    await Promise.race([ready, program.lost]);
  };
  try {
    await Promise.all(APPS.map(start));
  } catch (error) {
    await stop();
    throw error;
  }
  return { apps: programs, stop };
}
