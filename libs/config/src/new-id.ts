import { v7 } from 'uuid';

/**
 * A new id, UUIDv7 in lower case. Ids of one process grow strictly, so sorting by id is sorting by
 * time of making.
 */
export function newId(): string {
  return v7();
}
