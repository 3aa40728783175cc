export { sentencesOf } from './sentences';
export { stem } from './stem';
export { queryTerms, textTerms } from './terms';
