import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '@askflash/contracts';

/** SHA-256 of JSON in hex; the order of keys does not count, as PostgreSQL does not keep it. */
export function jsonChecksum(value: JsonObject): string {
  return createHash('sha256')
    .update(JSON.stringify(sortKeys(value)))
    .digest('hex');
}

function sortKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key] ?? null)]),
  );
}
