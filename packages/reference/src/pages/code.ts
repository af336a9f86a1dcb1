/** Code in a frame of its own, with a caption and a button that copies it. */
import { DEMO_ORIGIN } from '../commands/recipes.js';
import { Html, html } from './html.js';

/**
 * Code with its caption. The button appears when the script of the pages is there to serve it; what
 * it copies is the first code of the figure.
 */
export function codeFigure(caption: string, code: Html, kind = 'example'): Html {
  return html`<figure class="${kind}"><figcaption><span>${caption}</span>${COPY}</figcaption>${code}</figure>`;
}

/** Lines for a shell. What is too wide is wrapped: a command is read as a whole. */
export function commandFigure(
  caption: string,
  text: string,
  kind: 'first' | 'before' | 'request' | 'after' | 'console',
  note: Html | null = null,
): Html {
  return codeFigure(
    caption,
    html`<pre class="shell"><code>${linesOf(text)}</code></pre>${note}`,
    kind,
  );
}

const COPY = new Html('<button type="button" class="copy" hidden>Copy</button>');

/**
 * Each line apart, so that what is wrapped is indented under its beginning. The demo's address is
 * marked, so that the script can put that of the server in its place.
 */
function linesOf(text: string): readonly Html[] {
  return text.split(/(?<=\n)/).map((line) => {
    const parts = line
      .split(DEMO_ORIGIN)
      .flatMap((part, index) => (index === 0 ? [html`${part}`] : [ORIGIN, html`${part}`]));
    return html`<span class="${LONG.test(line) ? 'line long' : 'line'}">${parts}</span>`;
  });
}

/** Begins with more than fits on a phone: it is broken there, not put below an empty line. */
const LONG = /^\s+\S{32}/;

const ORIGIN = html`<span data-origin>${DEMO_ORIGIN}</span>`;
