import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EXIT_CODES } from '@askflash/contracts';
import { ErrorClassUnreadableError } from './errors';
import { readErrorClasses } from './read-error-classes';

function workspace(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'errors-'));
  for (const folder of ['apps', 'libs', 'tools']) mkdirSync(join(root, folder));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const members = (code: string): string => `
  static override readonly code = '${code}';
  static override readonly when = 'It ' + 'happens.';
  static override readonly remedy = \`Mend it.\`;`;

describe('readErrorClasses', () => {
  it('finds direct and indirect subclasses in apps, libs and tools', () => {
    const root = workspace({
      'libs/net/src/deep/errors.ts': `
        export class SlowError extends NetError {${members('SLOW')} static override readonly exit = 'unavailable'; }
        export abstract class NetError extends BackboneError {}`,
      'apps/agents/one/src/main.ts': `class OneError extends BackboneError {${members('ONE')}}`,
      'apps/agents/one/src/main.spec.ts': `class TestError extends BackboneError {}`,
      'tools/any/src/x.ts': `export class OtherError extends Error {}`,
    });
    const texts = { when: 'It happens.', remedy: 'Mend it.' };
    expect(readErrorClasses(root)).toEqual([
      { project: 'apps/agents/one', name: 'OneError', code: 'ONE', exit: 'failure', ...texts },
      { project: 'libs/net', name: 'SlowError', code: 'SLOW', exit: 'unavailable', ...texts },
    ]);
  });

  it('refuses a class that does not say when it is thrown', () => {
    const root = workspace({
      'libs/net/src/errors.ts': `export class BareError extends BackboneError { static override readonly code = 'BARE'; }`,
    });
    expect(() => readErrorClasses(root)).toThrow(ErrorClassUnreadableError);
    expect(() => readErrorClasses(root)).toThrow(/libs\/net\/src\/errors\.ts: BareError .* when/);
  });

  describe('in this workspace', () => {
    const errors = readErrorClasses(join(__dirname, '../../..'));

    it('finds names that say what they are, and codes in their form', () => {
      expect(errors.length).toBeGreaterThan(20);
      for (const { name, code } of errors) {
        expect(name).toMatch(/^([A-Z][a-z]+)+Error$/);
        expect(code).toMatch(/^[A-Z]+(_[A-Z]+)+$/);
      }
    });

    it('finds only exit codes that there are', () => {
      const known = Object.keys(EXIT_CODES);
      expect(errors.filter(({ exit }) => !known.includes(exit))).toEqual([]);
    });
  });
});
