import * as fc from 'fast-check';
import { PassageIndex } from './passage-index';
import { passagesOf } from './passages';
import { readDocument } from './read-document';

const read = (path: string, source: string) => passagesOf(readDocument(path, source));

function indexOf(documents: Readonly<Record<string, string>>): PassageIndex {
  const index = new PassageIndex();
  for (const [path, source] of Object.entries(documents)) index.put(path, read(path, source));
  return index;
}

const bestPath = (index: PassageIndex, query: string) => index.search(query, 8)[0]?.path;

describe('PassageIndex', () => {
  it('answers with path, trail of headings, text and score, best first', () => {
    const index = indexOf({
      'use.md':
        '# Guide\n\n## Stopping\n\nRun `npm stop` to stop the stack.\n\n## Starting\n\nRun it.',
      'other.md': '# Stack\n\nA stack has layers, and one may stop at any of them.',
    });
    const passages = index.search('How do I stop the stack?', 8);
    expect(passages[0]).toEqual({
      path: 'use.md',
      heading: 'Guide › Stopping',
      text: 'Run `npm stop` to stop the stack.',
      score: expect.any(Number),
    });
    const scores = passages.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('prefers a passage with a name as it stands to one with its words', () => {
    const index = indexOf({
      'words.md': '# Search\n\nA task that is not found has no id.',
      'names.md':
        '# List\n\n- `KEY_UNKNOWN`: no such key at all, or none any more\n- `TASK_NOT_FOUND`: look at it',
    });
    expect(bestPath(index, 'Which task is not found?')).toBe('words.md');
    expect(bestPath(index, 'What about TASK_NOT_FOUND?')).toBe('names.md');
  });

  it('prefers a passage with all words to one that repeats a single word', () => {
    const index = indexOf({
      'queues.md': `# Queues\n\n${'A queue is a queue. '.repeat(10)}`,
      'letters.md': '# Messages\n\nA rejected message goes to the dead letter queue.',
    });
    expect(bestPath(index, 'Where is the dead letter queue?')).toBe('letters.md');
  });

  it('weighs headings and file names', () => {
    const index = indexOf({
      'install.md': 'Have Node ready.',
      'a.md': '# Backup\n\nDump it.',
      'b.md':
        'Nothing is lost.\n\n# Upgrade\n\nThink of a backup, for the backup saves you. Then install.',
    });
    expect(bestPath(index, 'backup')).toBe('a.md');
    expect(bestPath(index, 'How to install?')).toBe('install.md');
  });

  it('finds other forms, beginnings and misspelt words, but nothing for an unknown word', () => {
    const index = indexOf({
      'a.md': 'Migrations are reverted one at a time.',
      'b.md': 'PostgreSQL holds the truth.',
    });
    expect(bestPath(index, 'revert a migration')).toBe('a.md');
    expect(bestPath(index, 'postgres')).toBe('b.md');
    expect(bestPath(index, 'Postgressql')).toBe('b.md');
    expect(index.search('How do I boil rice?', 8)).toEqual([]);
    expect(index.search('what is it?', 8)).toEqual([]);
  });

  it('takes no misspelling for a word it knows', () => {
    const index = indexOf({ 'a.md': 'Watch the ports.', 'b.md': 'Watch the posts.' });
    expect(index.search('posts', 8).map(({ path }) => path)).toEqual(['b.md']);
  });

  it('forgets what is taken out and replaces what is put again', () => {
    const index = indexOf({ 'a.md': '# One\n\nalpha\n\n# Two\n\nbeta', 'b.md': 'alpha' });
    index.put('a.md', read('a.md', 'gamma'));
    expect(index.search('beta', 8)).toEqual([]);
    expect(bestPath(index, 'gamma')).toBe('a.md');
    index.remove('b.md');
    index.remove('never there');
    expect(index.search('alpha', 8)).toEqual([]);
    expect(index.size).toBe(1);
  });

  it('gives the same answer whatever happened before', () => {
    const word = fc.constantFrom('alpha', 'beta', 'gamma', 'delta', 'npm');
    const source = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));
    const path = fc.constantFrom('a.md', 'b.md', 'c.txt');
    fc.assert(
      fc.property(fc.array(fc.tuple(path, source)), source, (puts, query) => {
        const lived = new PassageIndex();
        for (const [name, text] of puts) lived.put(name, read(name, text));
        const last = new Map(puts);
        const fresh = indexOf(Object.fromEntries(last));
        const found = (index: PassageIndex) =>
          index
            .search(query, 8)
            .map(({ path: name, text }) => `${name} ${text}`)
            .sort();
        expect(found(lived)).toEqual(found(fresh));
      }),
    );
  });
});
