const SIGNIFICANT_DIGITS = 3;

/** A figure as people read it, with three significant digits at least: `12,345`, `4.57`. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value))) + 1;
  return value.toLocaleString('en-GB', {
    maximumFractionDigits: Math.min(Math.max(SIGNIFICANT_DIGITS - digits, 0), 6),
  });
}

/** A figure with its unit: `664/s`, `4.57 ms`, `3.58% of a core`. */
export function withUnit(value: number, unit: string): string {
  const number = formatNumber(value);
  return /^[/%]/.test(unit) ? `${number}${unit}` : `${number} ${unit}`;
}
