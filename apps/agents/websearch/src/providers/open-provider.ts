import { WEBSEARCH_AGENT_CONFIG, loadConfig } from '@askflash/agent-kit';
import { BraveProvider } from './brave';
import type { SearchProvider } from './provider';
import { SearxngProvider } from './searxng';

const { searxngUrl, braveApiKey, braveBaseUrl } = WEBSEARCH_AGENT_CONFIG;
const PROVIDERS = { searxngUrl, braveApiKey, braveBaseUrl };

/** SearXNG where its URL is set, else Brave where its key is; undefined where neither is. */
export function openProvider(): SearchProvider | undefined {
  const config = loadConfig(PROVIDERS);
  if (config.searxngUrl !== undefined) return new SearxngProvider(config.searxngUrl);
  if (config.braveApiKey === undefined) return undefined;
  return new BraveProvider(config.braveBaseUrl, config.braveApiKey);
}
