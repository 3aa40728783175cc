/**
 * The health check of every image: asks HEALTH_URL. An app without an HTTP API has none; there a
 * process that lives is all that can be asked for, and the health-monitor watches its heartbeats.
 */
const url = process.env.HEALTH_URL;
if (url) {
  const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(4000) });
  console.log(status);
  process.exitCode = ok ? 0 : 1;
} else {
  process.kill(1, 0);
}
