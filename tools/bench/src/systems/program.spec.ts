import { eventually } from '@askflash/testing';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cpuOf } from './cpu';
import { Program } from './program';

const SERVE = pathToFileURL(join(__dirname, 'program/serve.mjs')).href;

describe('Program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-program-'));
  const logFile = join(folder, 'program.log');
  const programs: Program[] = [];

  const start = (calls: string): Program => {
    const code = `import { serve } from '${SERVE}'; serve({ ${calls} });`;
    const args = ['--input-type=module', '--eval', code];
    const program = Program.start({ role: 'worker', args, logFile });
    programs.push(program);
    return program;
  };

  afterAll(async () => {
    await Promise.all(programs.map((program) => program.stop()));
    rmSync(folder, { recursive: true });
  });

  it('does what it is asked for and gives what comes of it', async () => {
    const program = start('add: (a, b) => a + b, nothing: () => undefined');
    await program.ready;
    await expect(program.call('add', 2, 3)).resolves.toBe(5);
    await expect(program.call('nothing')).resolves.toBeNull();
  });

  it('tells what failed', async () => {
    const program = start('fail: () => { throw new Error("out of ink"); }');
    await expect(program.call('fail')).rejects.toThrow(/The worker failed: Error: out of ink/);
  });

  it('fails what is asked of one that ends, and keeps what it said', async () => {
    const program = start('end: () => { console.log("farewell"); process.exit(3); }');
    await expect(program.call('end')).rejects.toThrow(/has ended/);
    await expect(program.lost).rejects.toThrow(/has ended/);
    await expect(program.call('end')).rejects.toThrow(/has ended/);
    expect(readFileSync(logFile, 'utf8')).toContain('farewell');
  });

  it('answers nothing while it is frozen', async () => {
    const program = start('add: (a, b) => a + b');
    await program.ready;
    program.freeze();
    let isAnswered = false;
    const answer = program.call('add', 1, 1).then(() => (isAnswered = true));
    await eventually(() => stateOf(program.pid) === 'T', { what: 'the program to stand still' });
    expect(isAnswered).toBe(false);
    program.thaw();
    await answer;
  });

  it('has its CPU time counted', async () => {
    const program = start(
      'burn: () => { const end = process.cpuUsage().user + 100_000; while (process.cpuUsage().user < end); }',
    );
    await program.ready;
    const before = cpuOf([program.pid]);
    await program.call('burn');
    expect(cpuOf([program.pid]) - before).toBeGreaterThanOrEqual(90);
  });
});

/** As /proc tells it: T is stopped. */
function stateOf(pid: number): string | undefined {
  return /\) (\w) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
}
