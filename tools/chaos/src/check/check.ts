import { AGENTS } from '@askflash/contracts';
import { findViolations, readFacts, type TaskFacts } from '@askflash/testing';
import type { LedgerLine } from '../agent/ledger';
import type { Client } from '../load/client';
import type { Rig } from '../rig/rig';
import { checkKeys } from './check-keys';
import { checkLedger, type WasCalm } from './check-ledger';
import type { Finding } from './finding';
import { readLedgers } from './ledger-lines';
import { HANDED_OUT_TOO_OFTEN, takeDeadLetters } from './take-dead-letters';

const CONSUMED = ['mcp.results', ...AGENTS.map(({ queue }) => queue)];

/** What a check has seen, and what of it should not be. */
export interface Checked {
  readonly findings: readonly Finding[];
  readonly tasks: readonly TaskFacts[];
  readonly lines: readonly LedgerLine[];
  /** Messages that were handed out too often, as is right where their takers are killed. */
  readonly givenUpCount: number;
}

/** Where to look, and at what. */
export interface CheckOptions {
  readonly rig: Pick<Rig, 'env' | 'coordinatorUrls' | 'folders'>;
  readonly client: Pick<Client, 'answers' | 'refusals'>;
  /** The keys of all that was handed in. */
  readonly asked: readonly string[];
  readonly wasCalm: WasCalm;
}

/**
 * Checks everything of a backbone at rest, out of PostgreSQL, RabbitMQ, Redis, the agents’ ledgers and
 * what clients were answered. It empties the dead-letter queue and takes every view out of Redis.
 */
export async function check({ rig, client, asked, wasCalm }: CheckOptions): Promise<Checked> {
  const env = { ...rig.env, REDIS_KEY_PREFIX: '' };
  const letters = await takeDeadLetters(env.RABBITMQ_URL);
  const givenUp = letters.filter(({ reason }) => reason === HANDED_OUT_TOO_OFTEN);
  const { tasks } = await readFacts(env.DATABASE_URL);
  const lines = readLedgers(rig.folders.ledgers);
  const [coordinatorUrl = ''] = rig.coordinatorUrls;
  const accepted = [...client.answers.values()].flatMap((ids) => [...ids]);
  const findings: Finding[] = [
    ...letters
      .filter((letter) => !givenUp.includes(letter))
      .map(({ reason, queue }): Finding => {
        return {
          invariant: 'I6',
          taskId: null,
          what: `out of ${queue} was dead-lettered: ${reason}`,
        };
      }),
    ...checkLedger(tasks, lines, wasCalm),
    ...(await checkKeys(env.DATABASE_URL, asked, client)),
    ...(await findViolations({ env, accepted, coordinatorUrl, consumed: CONSUMED })),
  ];
  return { findings, tasks, lines, givenUpCount: givenUp.length };
}
