import { ConfigInvalidError, type ConfigOf, type HEALTH_MONITOR_CONFIG } from '@askflash/config';

/** Who is told of conditions, and the secret that signs it; both are secrets. */
export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
}

const SECRET_BYTES = { min: 24, max: 64 };
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * The webhook that is configured; undefined where there is none.
 *
 * @throws {ConfigInvalidError} where the secret that signs is missing or is none
 */
export function webhookTarget({
  webhookUrl,
  webhookSecret,
}: Pick<ConfigOf<typeof HEALTH_MONITOR_CONFIG>, 'webhookUrl' | 'webhookSecret'>):
  WebhookTarget | undefined {
  if (webhookUrl === undefined) return undefined;
  if (webhookSecret === undefined) throw invalid('is not set, and HEALTH_MONITOR_WEBHOOK_URL is');
  if (!isSigningSecret(webhookSecret)) {
    throw invalid(`must be ${SECRET_BYTES.min} to ${SECRET_BYTES.max} bytes in base64`);
  }
  return { url: webhookUrl, secret: webhookSecret };
}

function isSigningSecret(text: string): boolean {
  const base64 = text.replace(/^whsec_/, '');
  const { length } = Buffer.from(base64, 'base64');
  return BASE64.test(base64) && length >= SECRET_BYTES.min && length <= SECRET_BYTES.max;
}

function invalid(problem: string): ConfigInvalidError {
  return new ConfigInvalidError([{ variable: 'HEALTH_MONITOR_WEBHOOK_SECRET', problem }]);
}
