import { taskTemplate, type TaskTemplate } from './template';
import standardQuery from './templates/standard_query.json';
import simpleLookup from './templates/simple_lookup.json';
import complexResearch from './templates/complex_research.json';
import webEnhanced from './templates/web_enhanced.json';
import quickAnswer from './templates/quick_answer.json';

/** The templates every installation starts with; a user's later versions stand beside them. */
export const DEFAULT_TEMPLATES: readonly TaskTemplate[] = [
  standardQuery,
  simpleLookup,
  complexResearch,
  webEnhanced,
  quickAnswer,
].map((template) => taskTemplate.parse(template));
