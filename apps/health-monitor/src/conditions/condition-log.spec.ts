import { newId } from '@askflash/config';
import { Logger } from '@nestjs/common';
import { ConditionLog } from './condition-log';

const OPENED_AT = new Date('2026-01-01T00:00:00Z');
const CONDITION = {
  id: newId(),
  name: 'queue_stuck',
  subject: 'executor.task',
  severity: 'critical',
  summary: 'It grows',
  value: 12,
  threshold: null,
  openedAt: OPENED_AT,
  closedAt: null,
} as const;

it('logs conditions as severe as they are, with what is known in fields', () => {
  const lines: [level: string, fields: unknown, text: unknown][] = [];
  const at = (level: string) => (fields: unknown, text: unknown) =>
    lines.push([level, fields, text]);
  Logger.overrideLogger({ log: at('log'), warn: at('warn'), error: at('error') });
  const log = new ConditionLog('http://monitor.test:8004');
  log.write('opened', CONDITION);
  log.write('opened', { ...CONDITION, severity: 'warning' });
  log.write('closed', { ...CONDITION, closedAt: new Date() });
  expect(lines.map(([level]) => level)).toEqual(['error', 'warn', 'log']);
  expect(lines[0]).toEqual([
    'error',
    {
      event: 'condition.opened',
      conditionId: CONDITION.id,
      condition: 'queue_stuck',
      subject: 'executor.task',
      severity: 'critical',
      summary: 'It grows',
      since: OPENED_AT,
      runbook: 'http://monitor.test:8004/runbooks/queue-stuck',
    },
    'Condition opened: queue_stuck (executor.task): It grows',
  ]);
});
