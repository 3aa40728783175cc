import { parse } from 'yaml';
import { z } from 'zod';
import { readManifest } from '../src/manifest';
import { readText } from '../src/workspace';

const step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});

const workflow = z.object({
  on: z.object({
    push: z.object({ branches: z.array(z.string()) }),
    pull_request: z.null(),
    schedule: z.array(z.object({ cron: z.string() })),
  }),
  permissions: z.record(z.string(), z.string()),
  concurrency: z.object({ group: z.string() }).loose(),
  jobs: z.record(
    z.string(),
    z.object({ if: z.string(), 'timeout-minutes': z.number(), steps: z.array(step) }),
  ),
});

describe('.github/workflows/ci.yml', () => {
  const { on, permissions, jobs } = workflow.parse(parse(readText('.github/workflows/ci.yml')));
  const runs = (job: string) => jobs[job]?.steps.flatMap(({ run }) => run ?? []) ?? [];
  const uses = (job: string, action: string) =>
    jobs[job]?.steps.filter((one) => one.uses?.startsWith(`${action}@`)) ?? [];

  it('runs for main, for pull requests and by night, and may only read', () => {
    expect(on.push.branches).toEqual(['main']);
    expect(on.schedule).toHaveLength(1);
    expect(new Set(Object.values(permissions))).toEqual(new Set(['read']));
  });

  it('names a major version of each action', () => {
    const actions = Object.keys(jobs).flatMap((job) => jobs[job]?.steps ?? []);
    expect(actions.flatMap((one) => one.uses ?? []).filter((name) => !/@v\d+$/.test(name))).toEqual(
      [],
    );
  });

  it('keeps the packages of npm', () => {
    for (const job of Object.keys(jobs)) {
      expect(uses(job, 'actions/setup-node')).toMatchObject([{ with: { cache: 'npm' } }]);
    }
  });

  it('checks what a change affects, with the whole history and the cache of Nx', () => {
    expect(uses('affected', 'actions/checkout')).toMatchObject([{ with: { 'fetch-depth': 0 } }]);
    expect(uses('affected', 'actions/cache')).toMatchObject([{ with: { path: '.nx/cache' } }]);
    expect(uses('affected', 'nrwl/nx-set-shas')).toHaveLength(1);
    expect(runs('affected')).toEqual(
      expect.arrayContaining([
        'npx nx affected -t lint typecheck build test',
        'npx nx affected -t integration e2e',
      ]),
    );
  });

  it('checks everything by night, and faults for longer', () => {
    for (const job of ['everything', 'faults']) expect(jobs[job]?.if).toContain('schedule');
    expect(runs('everything')).toContain('npm test');
    expect(runs('faults')).toContain('npm run test:long');
  });

  it('keeps house', () => {
    expect(runs('housekeeping')).toEqual([
      'npm ci',
      expect.stringMatching(/^npx commitlint --from "\$NX_BASE" --to "\$NX_HEAD"/),
      'npm audit --omit=dev --audit-level=high',
      'npm run sbom',
      'npx nx release --dry-run --skip-publish',
    ]);
  });

  it('runs only scripts that there are', () => {
    const { scripts } = readManifest();
    const called = Object.keys(jobs)
      .flatMap(runs)
      .flatMap((run) => [...run.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? ''));
    expect(called.filter((name) => !(name in scripts))).toEqual([]);
  });
});
