import { runbookOf } from './condition';

/** Where a condition's runbook can be read, given where people reach the health-monitor. */
export function runbookUrl(publicUrl: string, name: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/runbooks/${runbookOf(name)}`;
}
