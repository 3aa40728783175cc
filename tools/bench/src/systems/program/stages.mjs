import { createRequire } from 'node:module';

/**
 * The five stages of the task, in their order: every system runs them one after the other.
 *
 * @type {readonly string[]}
 */
export const STAGES = createRequire(import.meta.url)('./stages.json');
