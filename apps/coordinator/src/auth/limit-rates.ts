import { ApiKeys, OPEN_ROUTES } from '@askflash/service-kit';
import rateLimit from '@fastify/rate-limit';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { KeyRateExceededError } from './errors';

const ONE_MINUTE_MS = 60_000;

/**
 * Limits what one key asks of this coordinator; requests without a known key count by the address
 * they come from. Without keys nothing is limited.
 */
export async function limitRates(
  app: NestFastifyApplication,
  requestsPerMinute: number,
): Promise<void> {
  const keys = app.get(ApiKeys, { strict: false });
  if (!keys.configured) return;
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: ONE_MINUTE_MS,
    allowList: (request) => OPEN_ROUTES.has(request.routeOptions.url ?? ''),
    keyGenerator: ({ headers, ip }) => {
      const caller = keys.findByHeader(headers.authorization);
      return caller ? `key ${caller.name}` : `address ${ip}`;
    },
    errorResponseBuilder: (_request, { max }) =>
      new KeyRateExceededError(`More than ${max} requests within a minute`, { fields: { max } }),
  });
}
