import { EntityMetadataNotFoundError } from 'typeorm';
import { z } from 'zod';

const withCode = z.object({ code: z.string() });

/** Errors of Node's sockets that mean: the server is not there, or went away. */
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * SQLSTATEs that say nothing of the statement itself: class 08 (connection), 53 (resources), 57P
 * (shutdown), 40 (serialisation, deadlock), 25P03 (idle transaction ended) and 25006 (read-only: no
 * primary any more, or not yet).
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const TRANSIENT_SQLSTATE = /^(08...|53...|57P..|40...|25P03|25006)$/;

/** Whether the same transaction can succeed later, unchanged: PostgreSQL was not there for it. */
export function isTransient(error: unknown): boolean {
  // TypeORM says so while it connects for the first time: every entity is registered by then.
  if (error instanceof EntityMetadataNotFoundError) return true;
  const coded = withCode.safeParse(error);
  if (coded.success)
    return SOCKET_CODES.has(coded.data.code) || TRANSIENT_SQLSTATE.test(coded.data.code);
  return (
    error instanceof Error &&
    /driver not connected|connection terminated|connection timeout|timeout exceeded when trying to connect|not established|client was closed|not queryable/i.test(
      error.message,
    )
  );
}
