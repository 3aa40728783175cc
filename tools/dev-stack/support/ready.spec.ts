import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify } from './processes.mjs';
import { lastLines, waitUntilReady } from './ready.mjs';

const logFile = join(mkdtempSync(join(tmpdir(), 'ready-')), 'server.log');
const alive = {
  name: 'Server',
  pid: process.pid,
  identity: identify(process.pid) ?? '',
  signal: 'SIGTERM' as const,
  graceMs: 0,
};
const dead = { ...alive, identity: 'of long ago' };

describe('waitUntilReady', () => {
  beforeEach(() => writeFileSync(logFile, 'first\nFATAL: it broke\n'));

  it('asks until the answer is yes; a throw means no', async () => {
    const answers = [() => false, () => Promise.reject(new Error('refused')), () => true];
    await waitUntilReady(alive, {
      probe: () => (answers.shift() ?? (() => false))(),
      deadlineMs: 5000,
      logFile,
    });
    expect(answers).toEqual([]);
  });

  it('does not take a stranger’s yes for that of a dead server', async () => {
    const waiting = waitUntilReady(dead, { probe: () => true, deadlineMs: 5000, logFile });
    await expect(waiting).rejects.toThrow(/Server ended at its start.*FATAL: it broke/s);
  });

  it('shows the end of the log past the deadline', async () => {
    const waiting = waitUntilReady(alive, { probe: () => false, deadlineMs: 60, logFile });
    await expect(waiting).rejects.toThrow(/not ready within 0.06 s.*FATAL: it broke/s);
  });

  it.each([
    'Warning: Could not create server TCP listening socket 127.0.0.1:6379: bind: Address already in use',
    'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use',
    'Failed to start Ranch listener in ranch_tcp:listen for reason eaddrinuse (address already in use)',
  ])('sees that a port was taken: %s', async (line) => {
    writeFileSync(logFile, `${line}\n`);
    const waiting = waitUntilReady(dead, { probe: () => false, deadlineMs: 5000, logFile });
    await expect(waiting).rejects.toMatchObject({ isPortTaken: true });
  });
});

describe('lastLines', () => {
  it('gives the last ones, and says where there is no log', () => {
    writeFileSync(logFile, 'a\nb\nc\n');
    expect(lastLines(logFile, 2)).toEqual(['b', 'c']);
    expect(lastLines('/nowhere/log')).toEqual(['(there is no log)']);
  });
});
