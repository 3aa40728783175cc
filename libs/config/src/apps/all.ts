import { AGENTS } from '@askflash/contracts';
import type { ConfigShape } from '../load-config';
import {
  AGENT_CONFIG,
  EMBEDDING_AGENT_CONFIG,
  EXECUTOR_AGENT_CONFIG,
  INTENT_AGENT_CONFIG,
  MODERATOR_AGENT_CONFIG,
  WEBSEARCH_AGENT_CONFIG,
} from './agent';
import { COORDINATOR_CONFIG } from './coordinator';
import { HEALTH_MONITOR_CONFIG } from './health-monitor';
import { MIGRATION_RUNNER_CONFIG } from './migration-runner';
import { QUEUE_INIT_CONFIG } from './queue-init';
import { SAFETY_CONFIG } from '../shared-variables';
import { ASK_CONFIG, CONFORMANCE_CONFIG, VERIFY_CONFIG } from './tools';

/** Agents that read nothing of their own need no entry below. */
const COMMON_AGENT_CONFIGS = Object.fromEntries(
  AGENTS.map(({ name }) => [`${name}-agent`, AGENT_CONFIG]),
);

const OWN_CONFIGS: Readonly<Record<string, ConfigShape>> = {
  'queue-init': QUEUE_INIT_CONFIG,
  'migration-runner': MIGRATION_RUNNER_CONFIG,
  coordinator: COORDINATOR_CONFIG,
  'health-monitor': HEALTH_MONITOR_CONFIG,
  ...COMMON_AGENT_CONFIGS,
  'intent-agent': INTENT_AGENT_CONFIG,
  'embedding-agent': EMBEDDING_AGENT_CONFIG,
  'executor-agent': EXECUTOR_AGENT_CONFIG,
  'moderator-agent': MODERATOR_AGENT_CONFIG,
  'websearch-agent': WEBSEARCH_AGENT_CONFIG,
  verify: VERIFY_CONFIG,
  ask: ASK_CONFIG,
  conformance: CONFORMANCE_CONFIG,
};

/** What each app reads, by the app's name; the environment reference is generated from it. */
export const APP_CONFIGS: Readonly<Record<string, ConfigShape>> = Object.fromEntries(
  Object.entries(OWN_CONFIGS).map(([app, shape]) => [app, { ...shape, ...SAFETY_CONFIG }]),
);
