import { RedisReplyUnexpectedError } from './errors';

/** What a script answers; each script's header says which of them it uses. */
export enum ResultCode {
  Created = 0,
  Applied = 1,
  Rebuilt = 2,
  Appended = 3,
  Missing = -1,
  Exists = -2,
  Stale = -3,
  Gap = -4,
}

const RESULTS = {
  [ResultCode.Created]: 'created',
  [ResultCode.Applied]: 'applied',
  [ResultCode.Rebuilt]: 'rebuilt',
  [ResultCode.Appended]: 'appended',
  [ResultCode.Missing]: 'missing',
  [ResultCode.Exists]: 'exists',
  [ResultCode.Stale]: 'stale',
  [ResultCode.Gap]: 'gap',
} as const;

/**
 * The word for a script's answer.
 *
 * @throws {RedisReplyUnexpectedError} where it is none of the codes that are possible there
 */
export function resultOf<Code extends ResultCode>(
  reply: unknown,
  possible: readonly Code[],
): (typeof RESULTS)[Code] {
  const code = possible.find((candidate) => candidate === reply);
  if (code === undefined) {
    throw new RedisReplyUnexpectedError(`A script answered ${JSON.stringify(reply)}`);
  }
  return RESULTS[code];
}
