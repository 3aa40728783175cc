import type { ConditionEvent } from '@askflash/typeorm-entities';
import { Logger } from '@nestjs/common';
import type { NotifiedCondition } from '../webhook/webhook-event';
import { runbookUrl } from './runbook-url';

/** Logs that a condition opened, as severe as it is, or closed; what is known of it is in fields. */
export class ConditionLog {
  private readonly logger = new Logger('Conditions');

  constructor(private readonly publicUrl: string) {}

  write(
    event: ConditionEvent,
    { id, name, subject, severity, summary, openedAt }: NotifiedCondition,
  ): void {
    const fields = {
      event: `condition.${event}`,
      conditionId: id,
      condition: name,
      subject,
      severity,
      summary,
      since: openedAt,
      runbook: runbookUrl(this.publicUrl, name),
    };
    if (event === 'closed') {
      this.logger.log(fields, `Condition closed: ${name} (${subject})`);
    } else if (severity === 'critical') {
      this.logger.error(fields, `Condition opened: ${name} (${subject}): ${summary}`);
    } else {
      this.logger.warn(fields, `Condition opened: ${name} (${subject}): ${summary}`);
    }
  }
}
