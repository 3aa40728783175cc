import { queryTerms, sentencesOf } from '@askflash/text';

const CITATION = /\s*\[\d+\]/g;
const MARKS = /^\s*(?:[-*+>]|\d+[.)]|#{1,6})\s+/;
const FENCE = /^\s*(`{3,}|~{3,})/;

/**
 * The statements of an answer (Markdown): its sentences, and the lines of its lists and code. Marks
 * and citations are taken off; what has no term of its own, such as “Yes.”, states nothing.
 */
export function statementsOf(answer: string): string[] {
  const statements: string[] = [];
  let isCode = false;
  let paragraph: string[] = [];
  const endParagraph = () => {
    statements.push(...sentencesOf(paragraph.join(' ')));
    paragraph = [];
  };
  for (const line of answer.split('\n')) {
    const isFence = FENCE.test(line);
    if (isFence || isCode || line.trim() === '' || MARKS.test(line)) endParagraph();
    if (isFence) isCode = !isCode;
    else if (isCode) statements.push(line.trim());
    else paragraph.push(line.replace(MARKS, '').replace(CITATION, ''));
  }
  endParagraph();
  return statements.filter((statement) => queryTerms(statement).length > 0);
}
