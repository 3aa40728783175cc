import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalFolder } from '../stack/local.mjs';
import { isAlive, stopProcess } from '../support/processes.mjs';
import { workspaceRoot } from '../support/workspace.mjs';
import { describeRights } from './rights';

/** The whole backbone as a user has it, in a folder and on ports of its own. */
const local = new LocalFolder(realpathSync(mkdtempSync(join(tmpdir(), 'askflash-e2e-'))));

interface Question {
  readonly question: string;
  /** The document that answers it. */
  readonly source: string;
  /** What the answer has to say. */
  readonly answer: string;
}
const QUESTIONS: Question[] = JSON.parse(
  readFileSync(join(workspaceRoot, 'tools/dev-stack/e2e/fixtures/questions.json'), 'utf8'),
);

function run(command: string, ...args: string[]) {
  const own = Object.entries(process.env).filter(
    ([name]) => !/_URL(_FILE)?$|^NODE_OPTIONS$|^KNOWLEDGE_DIR$|^ASKFLASH_/.test(name),
  );
  const child = spawn(
    process.execPath,
    [join(workspaceRoot, 'tools/dev-stack', command), ...args],
    {
      cwd: workspaceRoot,
      env: {
        ...Object.fromEntries(own),
        ASKFLASH_LOCAL_DIR: local.folder,
        ASKFLASH_PORTS: 'free',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const result = { code: -1, stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (result.stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (result.stderr += data.toString()));
  return new Promise<typeof result>((resolve) =>
    child.once('close', (code) => resolve({ ...result, code: code ?? -1 })),
  );
}

let started: Awaited<ReturnType<typeof run>>;

beforeAll(async () => {
  chmodSync(local.folder, 0o711);
  started = await run('start.mjs', '--detach');
}, 300_000);

afterAll(async () => {
  for (const record of local.readStarted()?.processes ?? []) {
    await stopProcess(record, { kill: true });
  }
  local.wipe();
  rmSync(local.folder, { recursive: true, force: true });
});

it('comes up and passes its own check', () => {
  expect(`${started.stderr}\n${started.stdout}`).toContain('The backbone is up.');
  expect(started.code).toBe(0);
});

it('is found by a second start', async () => {
  const second = await run('start.mjs', '--detach');
  expect(second.stdout).toContain('The stack runs already.');
  expect(second.code).toBe(0);
});

it('is checked again by `npm run verify`', async () => {
  const { code, stdout } = await run('run.mjs', 'verify');
  expect(stdout).toContain('9 of 9 scenarios passed');
  expect(code).toBe(0);
});

it.each(QUESTIONS)('answers: $question', async ({ question, source, answer }) => {
  const { code, stdout } = await run('run.mjs', 'ask', question, '--json');
  const reply: {
    id: string;
    status: string;
    answer: string;
    sources: { path: string; heading: string }[];
    stages: { name: string; status: string }[];
  } = JSON.parse(stdout);
  expect(reply.status).toBe('complete');
  expect(reply.sources.map(({ path }) => path)).toContain(source);
  expect(reply.answer).toContain(answer);
  expect(reply.stages.map(({ name, status }) => `${name} ${status}`)).toEqual([
    'intent_analysis completed',
    'embedding_lookup completed',
    'executor_reasoning completed',
    'moderation completed',
    'response_packaging completed',
  ]);
  expect(code).toBe(0);
});

it('answers with two agents alone, where that is asked for', async () => {
  const { question = '' } = QUESTIONS[0] ?? {};
  const { code, stdout } = await run(
    'run.mjs',
    'ask',
    question,
    '--json',
    '--template',
    'quick_answer',
  );
  const reply: { stages: { name: string }[] } = JSON.parse(stdout);
  expect(reply.stages.map(({ name }) => name)).toEqual([
    'embedding_lookup',
    'executor_reasoning',
    'response_packaging',
  ]);
  expect(code).toBe(0);
});

it('has all five agents at work, where that is asked for', async () => {
  const { question = '' } = QUESTIONS[0] ?? {};
  const { stdout } = await run(
    'run.mjs',
    'ask',
    question,
    '--json',
    '--template',
    'complex_research',
  );
  const reply: { status: string; stages: { status: string }[] } = JSON.parse(stdout);
  expect(reply.status).toBe('complete');
  expect(reply.stages.map(({ status }) => status)).toEqual(Array(6).fill('completed'));
});

it('serves what the closing screen names', async () => {
  const addresses = started.stdout.match(/http:\S+/g) ?? [];
  expect(addresses).toHaveLength(10);
  const answers = await Promise.all(addresses.map((address) => fetch(address)));
  // The coordinator's own address is the base of its API, which has nothing at its root.
  const [api, ...others] = answers.map(({ status }) => status);
  expect([api, ...new Set(others)]).toEqual([404, 200]);
});

describeRights(local);

it('ends with `npm stop`, with nothing left running', async () => {
  const processes = local.readStarted()?.processes ?? [];
  expect(processes.filter(isAlive).length).toBe(processes.length);
  const { code } = await run('stop.mjs');
  expect(code).toBe(0);
  expect(processes.filter(isAlive)).toEqual([]);
  expect(existsSync(local.stackFile)).toBe(false);
  const ask = await run('run.mjs', 'ask', 'Are you there?');
  expect(ask.code).toBe(69);
});
