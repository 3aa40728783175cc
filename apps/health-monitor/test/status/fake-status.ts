import { newId } from '@askflash/config';
import {
  CONDITIONS,
  runbookOf,
  type ConditionName,
  type OpenCondition,
} from '../../src/conditions/condition';
import type { InstanceStatus, QueueStatus, StatusSnapshot } from '../../src/status/status-snapshot';
import { StatusSource } from '../../src/status/status-source';

/** A status that a test sets. */
export class FakeStatus extends StatusSource {
  asked = 0;

  constructor(public current: StatusSnapshot = wellStatus()) {
    super();
  }

  async snapshot(): Promise<StatusSnapshot> {
    this.asked += 1;
    return this.current;
  }

  change(parts: Partial<StatusSnapshot>): void {
    this.current = { ...this.current, ...parts };
  }
}

const MINUTE = 60_000;

const before = (ms: number) => new Date(Date.now() - ms);

export function instance(
  agent: string,
  name: string,
  parts: Partial<InstanceStatus> = {},
): InstanceStatus {
  return {
    agent,
    instanceId: `019a0b6e-7c1d-7a3e-9f52-${name.padStart(12, '0')}`,
    version: '0.2.0',
    status: 'healthy',
    statusReason: null,
    queue: `${agent}.task`,
    queueSize: 0,
    lastSeenAgoMs: 1_200,
    startedAt: before(187 * MINUTE),
    cpuPercent: 3.4,
    memoryBytes: 84_000_000,
    inFlight: 1,
    processed: 1_482,
    failed: 3,
    ...parts,
  };
}

export function queue(name: string, parts: Partial<QueueStatus> = {}): QueueStatus {
  return {
    name,
    ready: 0,
    depths: Array.from({ length: 60 }, () => 0),
    unacknowledged: 1,
    consumers: 2,
    publishedPerSecond: 4.2,
    acknowledgedPerSecond: 4.2,
    canary: { roundTripMs: 4.1, answeredAgoMs: 3_000, waitingMs: undefined },
    ...parts,
  };
}

const STAGES = [
  'intent_analysis',
  'embedding_lookup',
  'executor_reasoning',
  'moderation',
  'response_packaging',
];

/** A task whose first `done` stages are completed, and whose next one is at work. */
function task(done: number, ageMs: number): NonNullable<StatusSnapshot['tasks']>[number] {
  const isOver = done === STAGES.length;
  return {
    id: newId(),
    template: 'standard_query',
    status: isOver ? 'complete' : 'in_progress',
    createdAt: before(ageMs),
    finishedAt: isOver ? before(ageMs - 1_840) : null,
    stages: STAGES.map((name, index) => ({
      name,
      status: index < done ? 'completed' : index === done ? 'requested' : 'pending',
      attempt: index <= done ? 1 : 0,
    })),
  };
}

/** A backbone that is well. */
export function wellStatus(): StatusSnapshot {
  return {
    at: new Date(),
    servers: ['postgres', 'schema', 'redis', 'rabbitmq', 'topology'].map((name, index) => ({
      name,
      status: 'up',
      latencyMs: 0.8 + 2.3 * index,
    })),
    conditions: [],
    queues: ['intent', 'embedding', 'executor', 'moderator', 'websearch']
      .map((agent) => queue(`${agent}.task`))
      .concat([
        queue('mcp.results'),
        queue('mcp.heartbeats'),
        queue('mcp.responses', { canary: undefined, consumers: 0 }),
        queue('mcp.dead_letter', { canary: undefined, consumers: 0 }),
      ]),
    agents: ['intent', 'embedding', 'executor', 'moderator', 'websearch'].flatMap((agent) => [
      instance(agent, `${agent.length}1b2c3`),
      instance(agent, `${agent.length}4d5e6`, { cpuPercent: 11.2, processed: 991 }),
    ]),
    tasks: [task(1, 900), task(3, 4_000), task(5, 65_000), task(5, 3 * MINUTE)],
    deadLetters: { count: 0, url: 'http://127.0.0.1:8003/dead-letters' },
  };
}

/** A condition that has been open for a minute. */
export function openCondition(
  name: ConditionName,
  parts: Partial<OpenCondition>,
): StatusSnapshot['conditions'][number] {
  return {
    id: newId(),
    name,
    subject: 'executor.task',
    summary: 'executor.task grew by 12 within 20 s, and its consumers took nothing.',
    value: 12,
    threshold: null,
    severity: CONDITIONS[name].severity,
    openedAt: before(MINUTE),
    lastSeenAt: before(0),
    runbookUrl: `http://127.0.0.1:8004/runbooks/${runbookOf(name)}`,
    ...parts,
  };
}
