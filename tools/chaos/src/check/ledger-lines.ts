import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { LedgerLine } from '../agent/ledger';

const ledgerLine: z.ZodType<LedgerLine> = z.object({
  taskId: z.string(),
  stage: z.string(),
  attempt: z.number(),
  what: z.enum(['begun', 'completed', 'failed']),
  pid: z.number(),
  at: z.string(),
  us: z.number(),
});

/** Every line of every agent’s ledger, in the order they were written. */
export function readLedgers(folder: string): LedgerLine[] {
  return readdirSync(folder)
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => ledgerLine.parse(JSON.parse(line)))
    .sort((one, other) => one.us - other.us);
}

/** Begins every ledger anew. */
export function clearLedgers(folder: string): void {
  for (const file of readdirSync(folder)) rmSync(join(folder, file));
}
