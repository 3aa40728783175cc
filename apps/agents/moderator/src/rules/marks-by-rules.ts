import { queryTerms, textTerms } from '@askflash/text';
import type { JudgedAnswer, Marks } from '../judged-answer';
import { statementsOf } from './statements';

/** A statement is backed where a passage holds this share of its terms. */
const MIN_OVERLAP = 0.7;
const MAX_QUOTED = 3;
const MAX_QUOTED_LENGTH = 80;

/**
 * Judges an answer by its words: a statement is backed where one passage holds most of its terms,
 * and the query is dealt with as far as the answer, or the headings of its sources, hold its terms.
 */
export function marksByRules({ query, answer, sources, passages }: JudgedAnswer): Marks {
  const statements = statementsOf(answer);
  const known = passages.map(
    ({ path, heading, text }) => new Set(textTerms(`${path} ${heading} ${text}`)),
  );
  const loose = statements.filter((statement) => !known.some((terms) => holds(terms, statement)));
  const said = new Set(
    textTerms([answer, ...sources.map(({ path, heading }) => `${path} ${heading}`)].join(' ')),
  );
  const wanted = [...new Set(queryTerms(query))];
  const missing = wanted.filter((term) => !isSaid(term, said));
  return {
    groundedness: share(statements.length - loose.length, statements.length, 0),
    completeness: share(wanted.length - missing.length, wanted.length, 1),
    reasons: [
      ...(loose.length === 0
        ? []
        : [`No passage backs ${loose.length} of ${statements.length} statements: ${quote(loose)}`]),
      ...(missing.length === 0
        ? []
        : [`The answer does not speak of: ${wordsWith(missing, query).join(', ')}`]),
    ],
  };
}

/** The query's words for its terms, which are stems. */
function wordsWith(terms: readonly string[], query: string): string[] {
  const words = query.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [
    ...new Set(words.filter((word) => queryTerms(word).some((term) => terms.includes(term)))),
  ];
}

function holds(known: ReadonlySet<string>, statement: string): boolean {
  const terms = [...new Set(queryTerms(statement))];
  return terms.filter((term) => known.has(term)).length >= MIN_OVERLAP * terms.length;
}

/** Also where it begins a longer word, or is begun by one. */
function isSaid(term: string, said: ReadonlySet<string>): boolean {
  if (said.has(term)) return true;
  if (term.length < 4) return false;
  return [...said].some(
    (other) => other.startsWith(term) || (other.length >= 4 && term.startsWith(other)),
  );
}

function share(part: number, whole: number, ofNothing: number): number {
  return whole === 0 ? ofNothing : part / whole;
}

function quote(statements: readonly string[]): string {
  const shown = statements
    .slice(0, MAX_QUOTED)
    .map((text) =>
      text.length > MAX_QUOTED_LENGTH ? `“${text.slice(0, MAX_QUOTED_LENGTH)}…”` : `“${text}”`,
    );
  return [...shown, ...(statements.length > MAX_QUOTED ? ['…'] : [])].join(', ');
}
