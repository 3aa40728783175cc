import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SCRIPTS } from '.';

const files = readdirSync(__dirname).filter((file) => file.endsWith('.lua'));
const scripts = Object.values(SCRIPTS);

describe('the scripts', () => {
  it('are all of the folder, by name and number of keys', () => {
    expect(scripts.map(({ name, keyCount }) => `${name}-${keyCount}.lua`).sort()).toEqual(
      files.sort(),
    );
  });

  it.each(files)('%s says its KEYS, ARGV, output and what a second run does', (file) => {
    const lua = readFileSync(join(__dirname, file), 'utf8');
    const header = /^--\[\[\n([\s\S]*?)\n\]\]/.exec(lua)?.[1] ?? '';
    const body = lua.slice(header.length);
    for (const [name] of body.matchAll(/\b(KEYS|ARGV)\[\d+\]/g)) expect(header).toContain(name);
    for (const [, code] of body.matchAll(/return \{?(-?\d+)/g)) {
      expect(header).toMatch(new RegExp(`(^|[^\\d-])${code}\\b`, 'm'));
    }
    expect(header).toContain('Output');
    expect(header).toMatch(/Sent twice: |Only reads\./);
  });

  it.each(files)('%s names keys by KEYS only', (file) => {
    const lua = readFileSync(join(__dirname, file), 'utf8');
    const calls = [...lua.matchAll(/redis\.p?call\('(\w+)'(?:, ([^,)]+))?/g)];
    expect(calls.length).toBeGreaterThan(0);
    for (const [, command, key] of calls) {
      if (command === 'PUBLISH') expect(key).toBe('ARGV[1]');
      else if (command !== 'TIME') expect(key).toMatch(/^KEYS\[\d\]$/);
    }
  });
});
