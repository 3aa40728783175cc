import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalFolder } from './local.mjs';

let local: LocalFolder;
beforeEach(() => void (local = new LocalFolder(mkdtempSync(join(tmpdir(), 'local-')))));

describe('lock', () => {
  it('lets one command at a time in, and the next after it', async () => {
    const unlock = await local.lock();
    await expect(local.lock()).rejects.toThrow(`Process ${process.pid} is starting or stopping`);
    const second = local.lock({ waitMs: 5000 });
    unlock();
    (await second)();
    expect(local.lockOwner()).toBeUndefined();
  });

  it.each([
    ['of a process that died', JSON.stringify({ pid: process.pid, identity: 'of long ago' })],
    ['that was left half-written', '{"pid":'],
  ])('takes over a lock %s', async (_what, text) => {
    writeFileSync(local.lockFile, text);
    const unlock = await local.lock();
    expect(local.lockOwner()?.pid).toBe(process.pid);
    unlock();
  });
});

describe('what is written', () => {
  it('is read again, and forgotten without the data', () => {
    mkdirSync(join(local.folder, 'redis'));
    local.writeStarted({ phase: 'up', processes: [] });
    local.writeEnvironment({ REDIS_URL: 'redis://x' });
    expect(local.readStarted()).toEqual({ phase: 'up', processes: [] });
    expect(local.readEnvironment()).toEqual({ REDIS_URL: 'redis://x' });
    local.forget();
    expect(local.readStarted()).toBeUndefined();
    expect(local.readEnvironment()).toBeUndefined();
    expect(existsSync(join(local.folder, 'redis'))).toBe(true);
  });

  it('is wiped with data and logs, and with nothing that is somebody else’s', () => {
    for (const name of ['postgres', 'redis', 'rabbitmq', 'mine']) {
      mkdirSync(join(local.folder, name));
    }
    writeFileSync(local.log('redis'), 'text');
    local.wipe();
    expect(existsSync(join(local.folder, 'mine'))).toBe(true);
    for (const name of ['postgres', 'redis', 'rabbitmq', 'log']) {
      expect(existsSync(join(local.folder, name))).toBe(false);
    }
  });
});
