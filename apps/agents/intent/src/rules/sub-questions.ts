import { sentencesOf } from '@askflash/text';

const QUESTION_WORD =
  '(?:how|what|why|where|when|who|which|can|could|does|do|is|are|should|will|must|may)';
const JOINT = new RegExp(
  `(?:,\\s*(?:and\\s+|or\\s+)?|;\\s*|\\s+(?:and|or)\\s+(?:then\\s+|also\\s+)?)(?=${QUESTION_WORD}\\b)`,
  'gi',
);
const STARTS_AS_QUESTION = new RegExp(`^${QUESTION_WORD}\\b`, 'i');
const MAX_QUESTIONS = 8;

/**
 * The questions a query is made of, in its order: its sentences that ask, and what is joined to one
 * by “and how …”. None where it is a single question.
 */
export function subQuestionsOf(query: string): string[] {
  const questions = sentencesOf(query)
    .filter((sentence) => sentence.endsWith('?') || STARTS_AS_QUESTION.test(sentence))
    .flatMap((sentence) => (STARTS_AS_QUESTION.test(sentence) ? sentence.split(JOINT) : [sentence]))
    .map(asQuestion)
    .slice(0, MAX_QUESTIONS);
  return questions.length > 1 ? questions : [];
}

function asQuestion(text: string): string {
  const bare = text.trim().replace(/[?.!,;\s]+$/, '');
  return `${bare.charAt(0).toUpperCase()}${bare.slice(1)}?`;
}
