import { sentencesOf } from '@askflash/text';

/** A piece of a passage that can be quoted on its own. */
export interface Unit {
  /** `prose` is a sentence, or a question with its answer; `item` a list item or table row; `block` has code or a whole list. */
  readonly kind: 'prose' | 'item' | 'block';
  /** Markdown. */
  readonly text: string;
}

/** Longest list or code that goes along with the sentence introducing it, in characters. */
const MAX_COMPANION_LENGTH = 600;
const FENCED = /^(`{3,})[^\n]*\n[\s\S]*?^\1$/gm;
const ITEM = /^(?:[-*+]|\d+[.)])\s/;

/**
 * Parts a passage (Markdown) into what can be quoted: its sentences, list items and code blocks, in
 * order. What says little alone stays together: code with the sentence before it, a short list with
 * the sentence that announces it by a colon, a question with its answer.
 */
export function unitsOf(passage: string): Unit[] {
  const units: Unit[] = [];
  for (const part of partsOf(passage)) {
    const intro = units.at(-1);
    if (intro && isCompanion(part, intro)) {
      units[units.length - 1] = { kind: 'block', text: `${intro.text}\n\n${textOf(part)}` };
    } else {
      units.push(...part);
    }
  }
  return units;
}

/** The passage's paragraphs, lists and code blocks, each as the units it holds. */
function partsOf(passage: string): Unit[][] {
  const parts: Unit[][] = [];
  let end = 0;
  for (const match of passage.matchAll(FENCED)) {
    parts.push(...paragraphsOf(passage.slice(end, match.index)));
    parts.push([{ kind: 'block', text: match[0] }]);
    end = match.index + match[0].length;
  }
  return [...parts, ...paragraphsOf(passage.slice(end))];
}

function paragraphsOf(text: string): Unit[][] {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) =>
      ITEM.test(paragraph)
        ? paragraph.split(/\n(?=(?:[-*+]|\d+[.)])\s)/).map((item) => ({ kind: 'item', text: item }))
        : answersJoined(sentencesOf(paragraph)).map((text) => ({ kind: 'prose', text })),
    );
}

/** Joins a question with the sentences after it, up to the next question: they answer it. */
function answersJoined(sentences: readonly string[]): string[] {
  const joined: string[] = [];
  let asks = false;
  for (const sentence of sentences) {
    const question = joined.at(-1);
    const isQuestion = sentence.endsWith('?');
    const fits = `${question} ${sentence}`.length <= MAX_COMPANION_LENGTH;
    if (question !== undefined && asks && !isQuestion && fits) {
      joined[joined.length - 1] = `${question} ${sentence}`;
    } else {
      joined.push(sentence);
      asks = isQuestion;
    }
  }
  return joined;
}

function isCompanion(part: readonly Unit[], intro: Unit): boolean {
  if (intro.kind !== 'prose' || textOf(part).length > MAX_COMPANION_LENGTH) return false;
  const kind = part[0]?.kind;
  return kind === 'block' || (kind === 'item' && intro.text.endsWith(':'));
}

function textOf(part: readonly Unit[]): string {
  return part.map(({ text }) => text).join('\n');
}
