import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

export const OBSERVABILITY = join(__dirname, '../../../../infrastructure/observability');

const read = (path: string) => readFileSync(join(OBSERVABILITY, path), 'utf8');

const scrapeConfig = z.looseObject({ job_name: z.string() });

/** What the compose profile gives to Prometheus. */
export const shippedConfig = z
  .looseObject({
    global: z.looseObject({}),
    rule_files: z.array(z.string()),
    scrape_configs: z.array(scrapeConfig),
  })
  .parse(parse(read('prometheus.yml')));

const rule = z.object({
  record: z.string().optional(),
  alert: z.string().optional(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
});

/** Every rule that is shipped, recording ones too. */
export const shippedRules = z
  .object({ groups: z.array(z.object({ rules: z.array(rule) })) })
  .parse(parse(read('rules/askflash.rules.yml')))
  .groups.flatMap(({ rules }) => rules);

const panel = z.looseObject({
  id: z.number(),
  type: z.string(),
  title: z.string(),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  datasource: z.object({ uid: z.string() }).optional(),
  targets: z.array(z.object({ refId: z.string(), expr: z.string() })).default([]),
});
export type Panel = z.output<typeof panel>;

export const dashboard = z
  .looseObject({
    uid: z.string(),
    panels: z.array(panel),
    templating: z.object({ list: z.array(z.looseObject({ name: z.string() })) }),
  })
  .parse(JSON.parse(read('grafana/dashboards/askflash.json')));

/** What a dashboard's query becomes where Prometheus is scraped once a second, and all is shown. */
export function asGrafanaAsks(query: string): string {
  // Grafana takes four intervals of scraping, or more.
  return query.replaceAll('$__rate_interval', '4s').replaceAll('$template', '.*');
}

/**
 * What a rule looks at: its expression without what it compares with, as that leaves nothing where
 * all is well.
 */
export function operandsOf(expression: string): string[] {
  return expression
    .split(/\sand\s/)
    .map((part) => part.replace(/\s(?:>|<|==)\s[\d.]+\s*$/, ''))
    .map((part) => part.replace(/^absent\((.*)\)$/, '$1'))
    .map((part) => part.replace(/^\((.*) or vector\(0\)\)$/, '$1'));
}
