import { readVersions } from '../src/manifest';
import { isFor, isMeant, renovateConfig } from '../src/renovate';
import { readJson } from '../src/workspace';

const { packageRules } = renovateConfig.parse(readJson('renovate.json'));
const groups = packageRules.filter(({ groupName }) => groupName !== undefined);
const versions = readVersions();
const names = Object.keys(versions);

/** The one group that a package is in, undefined where it is in none. */
function groupOf(name: string): string | undefined {
  return groups.find((rule) => isFor(rule, name))?.groupName;
}

describe('renovate.json', () => {
  it.each(packageRules.flatMap(({ matchPackageNames }) => matchPackageNames))(
    'names a package that there is: %s',
    (pattern) => expect(names.filter((name) => isMeant(pattern, name))).not.toEqual([]),
  );

  it('puts no package into two groups, of which the first would do nothing', () => {
    const twice = names.filter((name) => groups.filter((rule) => isFor(rule, name)).length > 1);
    expect(twice).toEqual([]);
  });

  it.each([
    ['Nx', names.filter((name) => name === 'nx' || name.startsWith('@nx/'))],
    ['Nest', names.filter((name) => /^(@nestjs\/|@golevelup\/nestjs-|nestjs-)/.test(name))],
    ['Jest', ['jest', 'jest-environment-node', 'jest-util', 'ts-jest', '@types/jest']],
    ['TypeScript', ['typescript', 'typescript-eslint', 'ts-jest']],
    ['TypeORM and ioredis', ['typeorm', 'ioredis', 'pg', '@types/pg']],
    [
      'AMQP',
      ['amqplib', '@types/amqplib', 'amqp-connection-manager', '@golevelup/nestjs-rabbitmq'],
    ],
    ['commit checks', ['@commitlint/cli', '@commitlint/config-conventional']],
  ])('moves together what has to: %s', (_what, together) => {
    expect(together.length).toBeGreaterThan(1);
    const [group, ...others] = new Set(together.map(groupOf));
    expect(group).toBeDefined();
    expect(others).toEqual([]);
  });

  it('leaves alone what is pinned, and the types of Node at the oldest one', () => {
    const pinned = packageRules.filter((rule) => isFor(rule, '@swc/core'));
    expect(pinned.map(({ enabled }) => enabled)).toEqual([false]);
    const types = packageRules.filter((rule) => isFor(rule, '@types/node'));
    expect(types.map(({ allowedVersions }) => allowedVersions)).toEqual(['20.x']);
    expect(versions['@types/node']).toMatch(/^20\./);
  });

  it('finds every version exact, as a range would move by itself', () => {
    expect(Object.entries(versions).filter(([, version]) => !/^\d/.test(version))).toEqual([]);
  });
});
