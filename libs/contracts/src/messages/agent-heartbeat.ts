import { z } from 'zod';
import { defineContract } from '../contract';
import { ID, NAME } from '../scalars';

export const AGENT_STATUSES = ['starting', 'healthy', 'unhealthy', 'stopping', 'unknown'] as const;
export type AgentStatus = (typeof AGENT_STATUSES)[number];

/** What an agent instance says of itself. */
export const agentHeartbeat = z.strictObject({
  agent: NAME,
  instanceId: ID,
  version: z.string().max(100),
  status: z.enum(AGENT_STATUSES),
  queue: z.string(),
  stages: z.array(NAME),
  startedAt: z.iso.datetime(),
  /** Between two heartbeats, in milliseconds. */
  intervalMs: z.int().min(1),
  inFlight: z.int().min(0),
  processed: z.int().min(0),
  failed: z.int().min(0),
  /** Of one core, since the last heartbeat. */
  cpuPercent: z.number().min(0),
  /** Resident set size. */
  memoryBytes: z.int().min(0),
});

export type AgentHeartbeat = z.output<typeof agentHeartbeat>;

export const AGENT_HEARTBEAT = defineContract({
  type: 'agent.heartbeat.v1',
  description: 'An agent instance is alive; lossy by design.',
  schema: agentHeartbeat,
  exchange: 'mcp.events',
  routingKey: ({ agent }) => `agent.heartbeat.${agent}`,
  subject: ({ instanceId }) => instanceId,
});
