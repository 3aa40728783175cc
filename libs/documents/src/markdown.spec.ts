import { readMarkdown } from './markdown';

describe('readMarkdown', () => {
  it('keeps commands and code readable, in reading order', () => {
    const blocks = readMarkdown(
      '# Running\n\nTo stop **all** of it, see [more](x.md):\n\n```sh\nnpm stop\n\n# gone\n```\n\nOr press `Ctrl-C`.',
    );
    expect(blocks).toEqual([
      { kind: 'heading', level: 1, text: 'Running' },
      { kind: 'paragraph', text: 'To stop all of it, see more:' },
      { kind: 'code', text: '```sh\nnpm stop\n\n# gone\n```' },
      { kind: 'paragraph', text: 'Or press `Ctrl-C`.' },
    ]);
  });

  it('tells list items apart, nested ones too', () => {
    const blocks = readMarkdown('- one\n  more\n- two\n  - nested\n\n1. first\n2. second\n\nafter');
    expect(blocks).toEqual([
      { kind: 'item', text: '- one more' },
      { kind: 'item', text: '- two' },
      { kind: 'item', text: '- nested' },
      { kind: 'item', text: '1. first' },
      { kind: 'item', text: '2. second' },
      { kind: 'paragraph', text: 'after' },
    ]);
  });

  it('makes a sentence of each row of a table', () => {
    const blocks = readMarkdown(
      '| Variable | Default | Meaning |\n|--|--|--|\n| `PORT` | 8003 | TCP port |\n| `HOST` | | Address |',
    );
    expect(blocks).toEqual([
      { kind: 'item', text: '- `PORT` — Default: 8003; Meaning: TCP port' },
      { kind: 'item', text: '- `HOST` — Meaning: Address' },
    ]);
  });

  it('leaves out front matter, comments, pictures and marks of notes', () => {
    const blocks = readMarkdown(
      '---\ntitle: x\n---\n<!-- hidden -->\n\n[![build](b.svg)](x)\n\n> [!NOTE]\n> Shown.',
    );
    expect(blocks).toEqual([{ kind: 'paragraph', text: 'Shown.' }]);
  });

  it('reads HTML in it, and is not swallowed by a tag in a sentence', () => {
    const blocks = readMarkdown(
      '<h1 align="center">Title</h1>\n\nNever put a <script> here.<br>Next line.\n\nRead on.',
    );
    expect(blocks).toEqual([
      { kind: 'heading', level: 1, text: 'Title' },
      { kind: 'paragraph', text: 'Never put a here. Next line.' },
      { kind: 'paragraph', text: 'Read on.' },
    ]);
  });
});
