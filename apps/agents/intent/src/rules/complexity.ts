import type { IntentOutput } from '@askflash/agent-kit';

/** What a query's length in words adds. */
const LENGTHS = [
  { words: 35, points: 2 },
  { words: 16, points: 1 },
];
/** What its category adds: how much there is to be thought about. */
const CATEGORIES: Partial<Record<IntentOutput['category'], number>> = {
  analytical: 2,
  comparative: 1,
  diagnostic: 1,
  creative: 1,
};
const MODERATE = 1;
const COMPLEX = 3;

/** How much work a query is: each further question counts, as do its length and its category. */
export function complexityOf(
  text: string,
  category: IntentOutput['category'],
  subQuestions: number,
): IntentOutput['complexity'] {
  const words = text.split(' ').length;
  const points =
    Math.max(0, subQuestions - 1) +
    (LENGTHS.find((length) => words >= length.words)?.points ?? 0) +
    (CATEGORIES[category] ?? 0);
  if (points >= COMPLEX) return 'complex';
  return points >= MODERATE ? 'moderate' : 'simple';
}
