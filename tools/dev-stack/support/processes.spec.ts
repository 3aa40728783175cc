import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@askflash/testing';
import { identify, isAlive, startProcess, stopProcess } from './processes.mjs';

const logFile = join(mkdtempSync(join(tmpdir(), 'processes-')), 'log');
const records: Awaited<ReturnType<typeof startProcess>>[] = [];
const start = (script: string, options = {}) =>
  startProcess({
    name: 'script',
    command: process.execPath,
    args: ['-e', script],
    env: process.env,
    logFile,
    onProcess: (record) => void records.push(record),
    ...options,
  });
const FOREVER = 'setInterval(() => {}, 1000); console.log("up " + process.pid)';
const isUp = (pid: number) => eventually(() => readFileSync(logFile, 'utf8').includes(`up ${pid}`));

afterAll(() => Promise.all(records.map((record) => stopProcess(record, { kill: true }))));

describe('a started process', () => {
  it('is recorded, and is the same as long as it lives', async () => {
    const record = await start(FOREVER);
    expect(records).toContainEqual(record);
    expect(isAlive(record)).toBe(true);
    expect(identify(record.pid)).toBe(record.identity);
  });

  it('is ended, and ending it again is none', async () => {
    const record = await start(FOREVER);
    await stopProcess(record);
    expect(isAlive(record)).toBe(false);
    await stopProcess(record);
  });

  it('is killed with all of its group where it does not listen', async () => {
    const deaf = `process.on('SIGTERM', () => {});
      const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      console.log('child ' + child.pid); ${FOREVER}`;
    const record = await start(deaf, { graceMs: 100 });
    await isUp(record.pid);
    const child = Number(/child (\d+)/.exec(readFileSync(logFile, 'utf8'))?.[1]);
    expect(identify(child)).toBeDefined();
    await stopProcess(record);
    expect(isAlive(record)).toBe(false);
    await eventually(() => identify(child) === undefined);
  });
});

describe('a recycled pid', () => {
  it('is not taken for the process that had it, and not ended', async () => {
    const stranger = await start(FOREVER);
    const stale = { ...stranger, identity: 'of long ago' };
    expect(isAlive(stale)).toBe(false);
    await stopProcess(stale);
    await stopProcess(stale, { kill: true });
    expect(isAlive(stranger)).toBe(true);
  });
});

it('says so where a program cannot be run', async () => {
  await expect(start('', { command: '/nowhere/program' })).rejects.toThrow(/cannot be started/);
});
