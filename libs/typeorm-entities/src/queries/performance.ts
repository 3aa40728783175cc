import type { EntityManager } from 'typeorm';
import { AgentPerformanceSummary } from '../entities/agent-performance-summary';

/** How each agent's stages went in the last 24 hours, by agent and stage. */
export function selectAgentPerformanceSummary(
  manager: EntityManager,
): Promise<AgentPerformanceSummary[]> {
  return manager.find(AgentPerformanceSummary, { order: { agent: 'ASC', stage: 'ASC' } });
}
