import { Parser } from 'htmlparser2';

/** The tags of a page with the names of their attributes, in order: all of it but text. */
export function structureOf(markup: string): string[] {
  const tags: string[] = [];
  const parser = new Parser({
    onopentag: (name, attributes) => tags.push([name, ...Object.keys(attributes)].join(' ')),
  });
  parser.end(markup);
  return tags;
}
