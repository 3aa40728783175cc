import 'reflect-metadata';
import {
  AGENT_CONFIG,
  Agent,
  Stage,
  loadConfig,
  runAgent,
  type StageRequested,
} from '@askflash/agent-kit';
import { AGENTS, JSON_OBJECT, type JsonObject } from '@askflash/contracts';
import { Module } from '@nestjs/common';
import { Ledger, serveWorker } from '../program/worker.mjs';

/*
 * An agent that does nothing and does it at once: `agent.js <name>` stands in for any of the registry
 * that has one stage. All that agent-kit does around a handler it does around this one.
 */

const definition = AGENTS.find(({ name }) => name === process.argv[2]);
const [stage] = definition?.stages ?? [];
if (!definition || stage === undefined) throw new Error('Usage: agent.js <name of an agent>');

/** The least that the contracts let stages say; the others may say nothing. */
const OUTPUTS: Readonly<Record<string, JsonObject>> = {
  embedding_lookup: { passages: [] },
  web_search: { passages: [] },
  executor_reasoning: { answer: '', sources: [] },
  moderation: { confidence: 1, reasons: [] },
};

const ledger = new Ledger();

@Agent({ name: definition.name, queue: definition.queue })
class IdleAgent {
  @Stage(stage, { output: JSON_OBJECT })
  async run({ taskId, stage: name }: StageRequested): Promise<JsonObject> {
    ledger.mark(taskId, name);
    return OUTPUTS[name] ?? {};
  }
}

@Module({ controllers: [IdleAgent] })
class IdleModule {}

void runAgent({
  appName: `${definition.name}-agent`,
  module: IdleModule,
  config: () => loadConfig(AGENT_CONFIG),
}).then(() => serveWorker(ledger));
