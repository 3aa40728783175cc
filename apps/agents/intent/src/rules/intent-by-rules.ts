import { INTENT_CATEGORIES, type IntentOutput } from '@askflash/agent-kit';
import { SIGNS } from './categories';
import { complexityOf } from './complexity';
import { subQuestionsOf } from './sub-questions';
import { needsWeb } from './web';

/** A longer query is cut, in characters: what it is about stands at its beginning. */
const MAX_LENGTH = 2000;

/** What a query asks for, by rules alone; the same query always gives the same. */
export function intentByRules(whole: string): IntentOutput {
  const query = whole.slice(0, MAX_LENGTH);
  const text = query.toLowerCase().replace(/\s+/g, ' ').replaceAll('’', "'").trim();
  const category = categoryOf(text);
  const subQuestions = subQuestionsOf(query);
  return {
    category,
    complexity: complexityOf(text, category, subQuestions.length),
    subQuestions,
    needsWeb: needsWeb(text),
    by: 'rules',
  };
}

/** The category that its signs say most for; informational where nothing does. */
function categoryOf(text: string): IntentOutput['category'] {
  const weights = INTENT_CATEGORIES.map((category) => ({
    category,
    weight: SIGNS.filter((sign) => sign.category === category && sign.pattern.test(text)).reduce(
      (sum, { weight }) => sum + weight,
      0,
    ),
  }));
  return weights.reduce((best, one) => (one.weight > best.weight ? one : best)).category;
}
