import { taskTemplate, type TaskTemplate } from '../src/template';
import complexResearch from './fixtures/complex_research.json';
import quickAnswer from './fixtures/quick_answer.json';
import simpleLookup from './fixtures/simple_lookup.json';
import standardQuery from './fixtures/standard_query.json';

/** Templates that stay as they are, whatever becomes of those that are shipped. */
const EXAMPLES = [standardQuery, simpleLookup, complexResearch, quickAnswer].map((template) =>
  taskTemplate.parse(template),
);

/** One of them by its name. */
export function exampleTemplate(name: string): TaskTemplate {
  const found = EXAMPLES.find((template) => template.name === name);
  if (!found) throw new Error(`There is no example ${name}`);
  return found;
}
