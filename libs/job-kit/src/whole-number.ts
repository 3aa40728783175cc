import { OptionInvalidError } from './errors';

/**
 * The number an option's text stands for.
 *
 * @throws {OptionInvalidError} where it is no whole number of up to nine digits, or below `min`
 */
export function wholeNumber(option: string, text: string, min: number): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= min) return number;
  throw new OptionInvalidError(option, `a whole number from ${min}`);
}
