const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MIB = 1024 * 1024;

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });

/** `12,345`. */
export function count(value: number): string {
  return whole.format(value);
}

/** `1 task`, `2 tasks`. */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`;
}

/** `0.3`, `1,200`: tenths where they tell something. */
export function rate(value: number): string {
  return (value < 100 ? tenths : whole).format(value);
}

/** `3.4%`. */
export function percent(value: number): string {
  return `${rate(value)}%`;
}

/** `81 MiB`. */
export function mebibytes(bytes: number): string {
  return `${count(bytes / MIB)} MiB`;
}

/** `0.4 ms`, `812 ms`, `1.8 s`, `12 s`, `3 min`, `2 h 5 min`, `3 d 4 h`: the two units that matter at most. */
export function duration(ms: number): string {
  if (ms < 10) return `${tenths.format(Math.max(0, ms))} ms`;
  if (ms < SECOND) return `${count(ms)} ms`;
  if (ms < 10 * SECOND) return `${tenths.format(ms / SECOND)} s`;
  if (ms < MINUTE) return `${count(Math.floor(ms / SECOND))} s`;
  if (ms < HOUR) return `${count(Math.floor(ms / MINUTE))} min`;
  const [big, bigUnit, small, smallUnit] =
    ms < DAY ? [HOUR, 'h', MINUTE, 'min'] : [DAY, 'd', HOUR, 'h'];
  const rest = Math.floor((ms % big) / small);
  return `${count(Math.floor(ms / big))} ${bigUnit}${rest > 0 ? ` ${rest} ${smallUnit}` : ''}`;
}

/** An age, in whole seconds at least: `12 s`. */
export function age(ms: number): string {
  return duration(Math.max(1, Math.floor(ms / SECOND)) * SECOND);
}

/** `12 s ago`; `just now` below a second. */
export function ago(ms: number): string {
  return ms < SECOND ? 'just now' : `${age(ms)} ago`;
}

/** `agent_unhealthy` → `agent unhealthy`. */
export function words(name: string): string {
  return name.replaceAll('_', ' ');
}
