import { Html, html } from './html';

describe('html', () => {
  it('escapes what is put into it, in text and in attributes', () => {
    const name = `<b a="1">'&`;
    expect(String(html`<p title="${name}">${name}</p>`)).toBe(
      '<p title="&lt;b a=&quot;1&quot;&gt;&#39;&amp;">&lt;b a=&quot;1&quot;&gt;&#39;&amp;</p>',
    );
  });

  it('puts pieces of a page into others as they are, and joins lists of them', () => {
    const items = ['<1>', '2'].map((item) => html`<li>${item}</li>`);
    expect(
      String(
        html`<ul>
          ${items}
        </ul>`,
      ).replaceAll(/\s/g, ''),
    ).toBe('<ul><li>&lt;1&gt;</li><li>2</li></ul>');
    expect(String(html`${new Html('<hr />')}`)).toBe('<hr />');
  });

  it('leaves out what is not there, and keeps a zero', () => {
    expect(String(html`a${undefined}b${null}c${0}`)).toBe('abc0');
  });
});
