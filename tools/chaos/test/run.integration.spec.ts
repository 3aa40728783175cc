import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

const MAIN = resolve(__dirname, '../../../dist/tools/chaos/main.js');

/** `npm run test:long` asks for more, under seeds that nobody knows before. */
const MINUTES = process.env['ASKFLASH_CHAOS_MINUTES'];
const RUNS = MINUTES === undefined ? [['--seed', '1']] : [['--minutes', MINUTES], ['--clusters']];
/** A machine that is busy with other tests is slow, not wrong. */
const PATIENCE = ['--patience', '300'];

/** The output stands in the log of the test run, with the seed to replay it. */
function runChaos(args: readonly string[]): Promise<{ code: unknown; output: string }> {
  return new Promise((resolvePromise) => {
    execFile(
      process.execPath,
      ['--enable-source-maps', MAIN, ...args],
      { maxBuffer: 100 * 1024 ** 2 },
      (error, stdout, stderr) =>
        resolvePromise({ code: error === null ? 0 : error.code, output: stdout + stderr }),
    );
  });
}

it.each(RUNS)(
  'keeps every promise, whatever is done to it: %s',
  async (...args) => {
    const { code, output } = await runChaos([...args, ...PATIENCE]);
    process.stdout.write(output);
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  },
  3_600_000,
);
