import * as fc from 'fast-check';
import { readHtml } from './html';

describe('readHtml', () => {
  it('reads what a reader sees', () => {
    const blocks = readHtml(`<!doctype html><html><head><title>T</title><style>p{}</style></head>
      <body><nav><a>Menu</a></nav><h2>Set&shy;up <a class="anchor">¶</a></h2>
      <p>Call <code>init()</code> &amp; wait.<p>Second
      <ul><li>One<li><p>Two</p></ul>
      <pre><code class="language-js">a();\n  b();</code></pre>
      <script>alert('no')</script><div>Loose</div></body></html>`);
    expect(blocks).toEqual([
      { kind: 'heading', level: 2, text: 'Set\u00adup' },
      { kind: 'paragraph', text: 'Call `init()` & wait.' },
      { kind: 'paragraph', text: 'Second' },
      { kind: 'item', text: '- One' },
      { kind: 'item', text: '- Two' },
      { kind: 'code', text: '```js\na();\n  b();\n```' },
      { kind: 'paragraph', text: 'Loose' },
    ]);
  });

  it('keeps a row of a table together whatever its cells hold', () => {
    const blocks = readHtml(
      '<table><tr><td><p>a</p><p>b</p></td><td><ul><li>c</ul></td></tr></table><p>after',
    );
    expect(blocks).toEqual([
      { kind: 'item', text: '- a b — c' },
      { kind: 'paragraph', text: 'after' },
    ]);
  });

  it('survives any tag soup, and keeps its visible words', () => {
    const tag = fc.constantFrom('<p>', '</p>', '<li>', '<ul>', '</ul>', '<td>', '<tr>', '<table>');
    const rest = fc.constantFrom('</table>', '<pre>', '</pre>', '<code>', '<h1>', '</h1>', '<b>');
    fc.assert(
      fc.property(fc.array(fc.oneof(tag, rest, fc.constant(' word '))), (soup) => {
        const words = (text: string) => text.match(/\bword\b/g)?.length ?? 0;
        const read = readHtml(soup.join(''))
          .map(({ text }) => text)
          .join('\n');
        expect(words(read)).toBe(words(soup.join('')));
      }),
    );
  });
});
