import type { Marks } from './marks';

/** What apps send to other services, marked, and where they send it; and a login of their own. */
export function secretsOfOthers(
  marks: Marks,
  { traces, refusing }: { readonly traces: string; readonly refusing: string },
): Record<string, string> {
  const webhookSecret = Buffer.from(marks.secret('webhook')).toString('base64');
  return {
    APP_LOGIN: `nobody:${marks.secret('login')}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: traces,
    OTEL_EXPORTER_OTLP_HEADERS: `api-key=${marks.secret('otlp')}`,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    HEALTH_MONITOR_WEBHOOK_URL: `${refusing}/hooks/${marks.secret('webhook-url')}`,
    HEALTH_MONITOR_WEBHOOK_SECRET: `whsec_${webhookSecret}`,
    LLM_BASE_URL: `${refusing}/v1`,
    LLM_API_KEY: marks.secret('model'),
    LLM_MODEL: 'any',
    BRAVE_BASE_URL: refusing,
    BRAVE_API_KEY: marks.secret('search'),
  };
}
