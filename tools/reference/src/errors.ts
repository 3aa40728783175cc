import { BackboneError } from '@askflash/contracts';

/** An error class does not state what the reference needs of it. */
export class ErrorClassUnreadableError extends BackboneError {
  static override readonly code = 'ERROR_CLASS_UNREADABLE';
  static override readonly when =
    'A subclass of BackboneError lacks a static member, or it is not a plain text.';
  static override readonly remedy =
    'Give the class `static override readonly` code, when and remedy, each a string literal.';

  constructor(file: string, className: string, member: string) {
    super(`${file}: ${className} has no readable static ${member}`, {
      fields: { file, className, member },
    });
  }
}
