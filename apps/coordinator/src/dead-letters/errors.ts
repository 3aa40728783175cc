import { BackboneError } from '@askflash/contracts';

/** Somebody else has the dead letters checked out. */
export class DeadLettersBusyError extends BackboneError {
  static override readonly code = 'DEAD_LETTERS_BUSY';
  static override readonly when =
    'The dead letters are looked at or redriven while a redrive is under way, here or by another coordinator.';
  static override readonly remedy =
    'Wait for the redrive’s report: one lasts five minutes at most. Then try again.';
}

/** Looking at dead letters could lose them. */
export class DeadLettersUnprotectedError extends BackboneError {
  static override readonly code = 'DEAD_LETTERS_UNPROTECTED';
  static override readonly when =
    'The dead-letter queue lacks its policy: from RabbitMQ 4.0 on it would drop what was looked at twenty times.';
  static override readonly remedy = 'Run `queue-init plan` and then `queue-init apply`.';
}
