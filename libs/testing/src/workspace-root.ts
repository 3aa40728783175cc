import { resolve } from 'node:path';

/** Seen from here, and from `dist/<folder>/<app>` where a tool that uses this lib is bundled. */
export const WORKSPACE_ROOT = resolve(__dirname, '../../..');
