import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { builtApps } from '../stack/apps.mjs';
import { type Started } from '../stack/local.mjs';
import { markBuilt, sourcesHash } from '../stack/build.mjs';
import { markInstalled } from '../stack/packages.mjs';
import { isAlive, stopProcess } from '../support/processes.mjs';
import { workspaceRoot } from '../support/workspace.mjs';

const SERVICE = (port: string) => `require('node:http')
  .createServer((request, response) => response.end('{}'))
  .listen(process.env.${port}, '127.0.0.1');`;

/** What small stand-ins of the apps do, so that the stack itself can be tried without them. */
const STAND_INS: Record<string, string> = {
  'dist/apps/coordinator/main.js': SERVICE('COORDINATOR_PORT'),
  'dist/apps/health-monitor/main.js': SERVICE('HEALTH_MONITOR_PORT'),
  'dist/apps/queue-init/main.js': 'console.log("declared")',
  'dist/apps/migration-runner/main.js': 'console.log("migrated")',
  'dist/tools/verify/main.js': 'console.log("verified")',
};

/** Servers that the stand-ins never talk to: with them a start is done in a second. */
export const ELSEWHERE = {
  DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x',
  REDIS_URL: 'redis://127.0.0.1:2',
  RABBITMQ_URL: 'amqp://u:p@127.0.0.1:3',
};

/** A checkout of its own, with the dev stack as it is and stand-ins for the apps. */
export class Sandbox {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'askflash-sandbox-')));
  readonly #children: ChildProcess[] = [];

  constructor() {
    // As a checkout is: the user that PostgreSQL runs as may pass through.
    chmodSync(this.root, 0o711);
    for (const path of ['tools/dev-stack', 'infrastructure', '.env.example', 'package-lock.json']) {
      cpSync(join(workspaceRoot, path), join(this.root, path), { recursive: true });
    }
    mkdirSync(join(this.root, 'node_modules'));
    this.addAgent('embedding');
    for (const main of builtApps()) this.write(main, STAND_INS[main] ?? SERVICE('AGENT_PORT'));
    markInstalled(this.root);
    this.builtNow();
  }

  /** Lets what is there count as built from the sources as they are. */
  builtNow(): void {
    markBuilt(sourcesHash(this.root), this.root);
  }

  /** One more agent, built already. */
  addAgent(name: string): void {
    const project = { name: `${name}-agent`, tags: ['kind:agent'] };
    this.write(`apps/agents/${name}/project.json`, JSON.stringify(project));
    this.write(`dist/apps/agents/${name}/main.js`, SERVICE('AGENT_PORT'));
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  /** Starts a command of the dev stack; `output` is what it has said so far. */
  spawn(command: string, args: string[] = [], env: NodeJS.ProcessEnv = {}) {
    const own = Object.entries(process.env).filter(([name]) => !/_URL(_FILE)?$/.test(name));
    const child = spawn(process.execPath, [join(this.root, 'tools/dev-stack', command), ...args], {
      cwd: this.root,
      env: { ...Object.fromEntries(own), ASKFLASH_PORTS: 'free', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.push(child);
    const running = { child, output: '', exit: Promise.resolve(0) };
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => (running.output += data.toString()));
    }
    running.exit = new Promise((resolve) => child.once('close', (code) => resolve(code ?? -1)));
    return running;
  }

  /** Runs a command of the dev stack to its end. */
  async run(command: string, args: string[] = [], env: NodeJS.ProcessEnv = {}) {
    const running = this.spawn(command, args, env);
    return { code: await running.exit, output: running.output };
  }

  started(): Started | undefined {
    return this.#read('processes.json');
  }

  environment(): Record<string, string> {
    return this.#read('stack.json')?.env ?? {};
  }

  #read(name: string) {
    try {
      return JSON.parse(readFileSync(join(this.root, '.local', name), 'utf8'));
    } catch {
      return undefined;
    }
  }

  /** Names of the recorded processes that live. */
  alive(processes = this.started()?.processes ?? []): string[] {
    return processes.filter(isAlive).map(({ name }) => name);
  }

  async remove(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    for (const record of this.started()?.processes ?? []) await stopProcess(record, { kill: true });
    rmSync(this.root, { recursive: true, force: true });
  }
}
