import { BackboneError } from '@askflash/contracts';

/** A generator does nothing, because what it was asked for cannot be or is there already. */
export class GeneratorRefusedError extends BackboneError {
  static override readonly code = 'GENERATOR_REFUSED';
  static override readonly when =
    'A generator is asked for a name that is taken or not one, or finds a file that it cannot change.';
  static override readonly remedy = 'Do what the message says; nothing was written.';
}

/** Names what is wrong, and what mends it. @throws {GeneratorRefusedError} */
export function refuse(problem: string, remedy: string): never {
  throw new GeneratorRefusedError(`${problem}. ${remedy}`);
}
