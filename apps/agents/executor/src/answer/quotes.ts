import type { Passage, Source } from '@askflash/agent-kit';
import { queryTerms, textTerms } from '@askflash/text';
import { unitsOf, type Unit } from './units';

/** A unit of a passage, chosen for the answer. */
export interface Quote {
  readonly unit: Unit;
  readonly source: Source;
  /** Which passage it is from, and which unit of that it is: quotes are shown in this order. */
  readonly passage: number;
  readonly position: number;
}

interface Candidate extends Quote {
  readonly terms: ReadonlySet<string>;
  readonly headingTerms: ReadonlySet<string>;
  /** Of the unit before it in its passage, which it may speak of as “it”. */
  readonly previousTerms: ReadonlySet<string>;
  /** Of the passage, 0–1. */
  readonly relevance: number;
}

interface Scored extends Candidate {
  /** How much of the query's weight the unit and its heading hold, 0–1. */
  readonly coverage: number;
  readonly score: number;
}

/** How much is quoted. */
export interface Breadth {
  readonly maxQuotes: number;
  /** Of all quotes together, in characters. */
  readonly maxLength: number;
  /** A unit this far behind the best one is left out. */
  readonly minShareOfBest: number;
}

export const USUAL: Breadth = { maxQuotes: 5, maxLength: 1500, minShareOfBest: 0.65 };
/** For an answer that was found wanting. */
export const BROAD: Breadth = { maxQuotes: 8, maxLength: 3000, minShareOfBest: 0.4 };

/** Below this much of the query even the best unit is about something else. */
const MIN_COVERAGE = 0.3;
/** A longer unit holds more words by its length alone, so it counts for less; in characters. */
const BRIEF_LENGTH = 300;
/** What a term in the heading counts, against 1 in the unit itself. */
const HEADING_WEIGHT = 0.6;
/** What a term in the unit before counts. */
const PREVIOUS_WEIGHT = 0.4;
/** What a term counts that begins a longer word of the unit, or is begun by one. */
const PREFIX_WEIGHT = 0.7;

/**
 * Chooses what answers a query: the units that hold most of its telling words, from the passages
 * that bear on it most. The same passages always give the same quotes.
 *
 * @param findings passages by where they were looked for; scores compare only within one list
 * @returns none where no unit has enough of the query
 */
export function quotesFor(
  query: string,
  findings: readonly (readonly Passage[])[],
  breadth: Breadth = USUAL,
): Quote[] {
  const terms = [...new Set(queryTerms(query))];
  const candidates = candidatesOf(findings);
  const weights = weightsOf(terms, candidates);
  const scored = candidates
    .map((candidate) => scoreOf(candidate, weights))
    .sort((a, b) => b.score - a.score || a.passage - b.passage || a.position - b.position);
  return choose(scored, breadth);
}

function candidatesOf(findings: readonly (readonly Passage[])[]): Candidate[] {
  const ranked = findings.flatMap((passages) => {
    const best = Math.max(...passages.map(({ score }) => score));
    return passages.map((passage) => ({ ...passage, relevance: passage.score / best }));
  });
  return ranked.flatMap(({ path, heading, text, relevance }, passage) => {
    const headingTerms = new Set(textTerms(heading));
    const units = unitsOf(text).map((unit) => ({ unit, terms: new Set(textTerms(unit.text)) }));
    return units.map(({ unit, terms }, position) => ({
      unit,
      source: { path, heading },
      passage,
      position,
      terms,
      headingTerms,
      previousTerms: units[position - 1]?.terms ?? new Set(),
      relevance: Number.isFinite(relevance) ? relevance : 0,
    }));
  });
}

/** Rare terms tell more: inverse frequency among the candidates. */
function weightsOf(
  terms: readonly string[],
  candidates: readonly Candidate[],
): ReadonlyMap<string, number> {
  return new Map(
    terms.map((term) => {
      const holders = candidates.filter((candidate) => candidate.terms.has(term)).length;
      return [term, Math.log(1 + candidates.length / Math.max(1, holders))];
    }),
  );
}

function scoreOf(candidate: Candidate, weights: ReadonlyMap<string, number>): Scored {
  let held = 0;
  let whole = 0;
  for (const [term, weight] of weights) {
    held += weight * nearness(term, candidate);
    whole += weight;
  }
  const coverage = whole === 0 ? 0 : held / whole;
  const { relevance, position, unit } = candidate;
  const order = 1 / (1 + 0.05 * position);
  const brevity = 1 / (1 + Math.max(0, unit.text.length - BRIEF_LENGTH) / (2 * BRIEF_LENGTH));
  return { ...candidate, coverage, score: coverage * relevance * order * brevity };
}

function nearness(term: string, { terms, headingTerms, previousTerms }: Candidate): number {
  return Math.max(
    presence(term, terms),
    HEADING_WEIGHT * presence(term, headingTerms),
    PREVIOUS_WEIGHT * presence(term, previousTerms),
  );
}

function presence(term: string, terms: ReadonlySet<string>): number {
  if (terms.has(term)) return 1;
  if (term.length < 4) return 0;
  for (const other of terms) {
    if (other.startsWith(term) || (other.length >= 4 && term.startsWith(other))) {
      return PREFIX_WEIGHT;
    }
  }
  return 0;
}

function choose(
  scored: readonly Scored[],
  { maxQuotes, maxLength, minShareOfBest }: Breadth,
): Quote[] {
  const best = scored[0];
  if (!best || best.coverage < MIN_COVERAGE) return [];
  const chosen: Scored[] = [];
  let length = 0;
  for (const candidate of scored) {
    if (chosen.length === maxQuotes || candidate.score < best.score * minShareOfBest) break;
    const fits = chosen.length === 0 || length + candidate.unit.text.length <= maxLength;
    if (!fits || chosen.some((other) => saysTheSame(other, candidate))) continue;
    chosen.push(candidate);
    length += candidate.unit.text.length;
  }
  return inReadingOrder(chosen);
}

function saysTheSame(one: Candidate, other: Candidate): boolean {
  const common = [...one.terms].filter((term) => other.terms.has(term)).length;
  return common >= 0.8 * Math.max(one.terms.size, other.terms.size);
}

/** The passage of the best quote first, and each passage's quotes as they stand in it. */
function inReadingOrder(chosen: readonly Scored[]): Quote[] {
  const passages = [...new Set(chosen.map(({ passage }) => passage))];
  return passages.flatMap((passage) =>
    chosen
      .filter((candidate) => candidate.passage === passage)
      .sort((a, b) => a.position - b.position)
      .map(({ unit, source, position }) => ({ unit, source, passage, position })),
  );
}
