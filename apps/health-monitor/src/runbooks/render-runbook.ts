import MarkdownIt from 'markdown-it';
import { Html } from '../status/view/html';

/** Another runbook; `#…` may follow. */
const SIBLING = /^([\w-]+)\.md(#.*)?$/;

const markdown = new MarkdownIt({ html: false });
const { rules } = markdown.renderer;

// A link leads on here, to the web, or, like one to another part of the docs, nowhere.
rules['link_open'] = (tokens, index, options, folder: string, self) => {
  const token = tokens[index];
  const href = token && linkOf(String(token.attrGet('href') ?? ''), folder);
  token?.attrs?.splice(0);
  if (href !== undefined) token?.attrSet('href', href);
  return self.renderToken(tokens, index, options);
};

// What is wider than a screen scrolls in its place, by keyboard too.
const renderFence = rules.fence;
rules.fence = (...args) => renderFence?.(...args).replace('<pre>', '<pre tabindex="0">') ?? '';
rules['table_open'] = () => '<div class="scroll" tabindex="0"><table>';
rules['table_close'] = () => '</table></div>';
rules['th_open'] = () => '<th scope="col">';

/**
 * A runbook as markup.
 *
 * @param folder the way from where it is shown to the folder of runbooks, `../runbooks/`
 */
export function renderRunbook(source: string, folder: string): Html {
  return new Html(markdown.render(source, folder));
}

function linkOf(href: string, folder: string): string | undefined {
  if (/^(https?:\/\/|#)/.test(href)) return href;
  const [, name, fragment = ''] = SIBLING.exec(href) ?? [];
  if (name === undefined) return undefined;
  return name === 'README' ? `${folder}../runbooks${fragment}` : `${folder}${name}${fragment}`;
}
