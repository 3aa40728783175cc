import { resolve } from 'node:path';

/** As far up from this file as from dist/tools/chaos, which it is built into. */
export const WORKSPACE_ROOT = resolve(__dirname, '../../..');
