import type { ApiKeyRole } from '@askflash/config';

/** Who makes a request, as its key says. */
export interface Caller {
  /** The key's name. */
  readonly name: string;
  readonly role: ApiKeyRole;
  /** The only user the caller may act for and see; any user where undefined. */
  readonly userId?: string;
}

/** Who calls where no keys are configured: whoever reaches the loopback address may do everything. */
export const LOCAL_CALLER: Caller = { name: 'local', role: 'admin' };

const callers = new WeakMap<object, Caller>();

/** Remembers who makes a request. */
export function setCaller(request: object, caller: Caller): void {
  callers.set(request, caller);
}

/** Who makes a request; undefined before the guard has let it in, and on open routes. */
export function callerOf(request: object): Caller | undefined {
  return callers.get(request);
}
