import { createWorkspaceCopy, type WorkspaceCopy } from '@askflash/testing';
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTutorial, type TutorialStep } from './read-tutorial';

const STEP_TIMEOUT_MS = 400_000;

const WORKSPACE_ROOT = join(__dirname, '../../..');
const HAND_OVER = join(WORKSPACE_ROOT, 'tools/dev-stack/hand-over-build.mjs');

const tutorial = readFileSync(join(WORKSPACE_ROOT, 'docs/tutorial.md'), 'utf8');
let copy: WorkspaceCopy;

beforeAll(async () => {
  copy = await createWorkspaceCopy();
  // The user that PostgreSQL runs as may pass through.
  chmodSync(copy.folder, 0o711);
  execFileSync(process.execPath, [HAND_OVER, copy.folder]);
}, STEP_TIMEOUT_MS);

afterAll(async () => {
  await inCopy('npm stop -- --wipe');
  copy.remove();
}, STEP_TIMEOUT_MS);

const inCopy = (command: string) =>
  copy.run('sh', ['-c', `${command} 2>&1`], { ASKFLASH_PORTS: 'free', NO_COLOR: '1' });

describe('docs/tutorial.md', () => {
  let isGoingWell = true;

  it.each(readTutorial(tutorial))(
    '$title',
    async (step) => {
      // What comes after a step that failed would tell nothing.
      expect(isGoingWell).toBe(true);
      isGoingWell = false;
      await take(step);
      isGoingWell = true;
    },
    STEP_TIMEOUT_MS,
  );

  it('leaves the checkout as it was', async () => {
    expect(await copy.run('git', ['status', '--short'])).toBe('');
  });
});

async function take(step: TutorialStep): Promise<void> {
  if (step.do === 'write') writeFileSync(join(copy.folder, step.file), step.text);
  else expectLines(await inCopy(step.command), step.output);
}

/** Looks for each line behind the one before it. */
function expectLines(printed: string, patterns: readonly RegExp[]): void {
  const lines = printed.split('\n');
  for (const pattern of patterns) {
    const index = lines.findIndex((line) => pattern.test(line));
    if (index < 0) throw new Error(`Printed no ${pattern} (any more):\n${printed}`);
    lines.splice(0, index + 1);
  }
}
