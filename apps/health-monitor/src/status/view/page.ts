import { html, type Html, type HtmlPart } from './html';

/** What every page has. */
export interface PageParts {
  readonly title: string;
  /** From the page to where the app is: a proxy may have it under any path. */
  readonly root: './' | '../';
  readonly main: HtmlPart;
  /** Beside the name, at the top. */
  readonly aside?: Html;
  readonly script?: boolean;
}

/** Green for what is well: the favicon of every page; more would be told by colour alone. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%231f2937'/%3E%3Cpath d='M9 2 4 9h3l-1 5 6-8H8z' fill='%23fbbf24'/%3E%3C/svg%3E";

/** A page, whole: it needs nothing from elsewhere, and can be read without its script. */
export function page({ title, root, main, aside, script = false }: PageParts): string {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="${ICON}" />
        <link rel="stylesheet" href="${root}assets/status.css" />
        ${script ? html`<script defer src="${root}assets/live.js"></script>` : undefined}
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="top">
          <a class="brand" href="${root}">AskFlash <span>status</span></a>
          ${aside}
        </header>
        <main id="main" tabindex="-1">${main}</main>
        <footer>
          <nav aria-label="More">
            <a href="${root}runbooks">Runbooks</a>
            <a href="${root}status">As JSON</a>
            <a href="${root}metrics">Metrics</a>
          </nav>
        </footer>
      </body>
    </html>`;
  return document.toString();
}
