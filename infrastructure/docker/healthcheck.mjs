/**
 * The health check of every image: asks HEALTH_URL, over TLS where the app has a certificate. An app
 * without an HTTP API has no such URL; there a process that lives is all that can be asked for, and the
 * health-monitor watches its heartbeats.
 */
import { get as getPlain } from 'node:http';
import { get as getOverTls } from 'node:https';

const { HEALTH_URL, HTTP_TLS_CERT_FILE } = process.env;

/**
 * @param {unknown} answer
 * @param {boolean} isHealthy
 */
function end(answer, isHealthy) {
  console.log(answer);
  process.exit(isHealthy ? 0 : 1);
}

if (HEALTH_URL) {
  const url = new URL(HEALTH_URL);
  if (HTTP_TLS_CERT_FILE) url.protocol = 'https:';
  const get = url.protocol === 'https:' ? getOverTls : getPlain;
  // It asks its own container by address: neither needs a name in the certificate nor its authority.
  const options = { rejectUnauthorized: false, signal: AbortSignal.timeout(4000) };
  get(url, options, ({ statusCode }) => end(statusCode, statusCode === 200)).on('error', (error) =>
    end(error.message, false),
  );
} else {
  process.kill(1, 0);
}
