import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the checkout. */
export const workspaceRoot = join(dirname(fileURLToPath(import.meta.url)), '../../..');
