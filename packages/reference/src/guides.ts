/** The guides beside the reference: Markdown files of docs/, read when they are first asked for. */
import { existsSync, readFileSync } from 'node:fs';
import { Marked, type Tokens } from 'marked';
import { codeFigure, commandFigure } from './pages/code.js';
import { Html, html } from './pages/html.js';

/** The guides in the order in which they are offered: a file of docs/ each, and its name in lists. */
const GUIDES = [
  ['porting-a-bot', 'Porting a bot'],
  ['sdk-agent', 'SDK: agents and bots'],
  ['sdk-visitor', 'SDK: visitors'],
  ['sdk-tabs', 'SDK: several tabs'],
  ['sdk-administration', 'SDK: administrators'],
  ['widget', 'The widget'],
  ['embedding', 'Embedding the workspace'],
  ['cors', 'CORS: pages of other origins'],
  ['proxies', 'Behind a proxy'],
  ['operations', 'Running Parley'],
  ['logs', 'The log'],
  ['limits', 'Limits'],
  ['compatibility', 'Compatibility with the original'],
] as const;

const FOLDER = new URL('../../../docs/', import.meta.url);

export interface Guide {
  readonly name: string;
  readonly title: string;
}

/** The guides that are there: a package without the project's documentation has none. */
export const guides: readonly Guide[] = GUIDES.filter(([name]) => existsSync(fileOf(name))).map(
  ([name, title]) => ({ name, title }),
);

/** A heading of a guide, with the words below it. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly words: string;
}

export interface RenderedGuide extends Guide {
  readonly content: Html;
  readonly sections: readonly Section[];
}

/** A guide as HTML; null for another name. */
export function guideNamed(name: string): RenderedGuide | null {
  const guide = guides.find((each) => each.name === name);
  if (guide === undefined) return null;
  return { ...guide, ...renderMarkdown(readFileSync(fileOf(guide.name), 'utf8')) };
}

function fileOf(name: string): URL {
  return new URL(`${name}.md`, FOLDER);
}

/**
 * Markdown as HTML of these pages: HTML in it is text, links lead within the pages or where a link may
 * lead at all, and pictures are not loaded.
 */
export function renderMarkdown(text: string): Pick<RenderedGuide, 'content' | 'sections'> {
  const ids = new Set<string>();
  const sections: { id: string; title: string; words: string }[] = [];
  const marked = new Marked({ gfm: true });
  marked.use({
    renderer: {
      heading({ tokens, depth, text: raw }: Tokens.Heading): string {
        const inner = new Html(this.parser.parseInline(tokens));
        if (depth === 1) return html`<h1>${inner}</h1>\n`.text;
        const id = freeId(raw, ids);
        const anchor = html`<a class="anchor" href="#${id}" aria-label="Link to this">#</a>`;
        const tag = new Html(`h${Math.min(depth, 4)}`);
        return html`<${tag} id="${id}">${inner} ${anchor}</${tag}>\n`.text;
      },
      code({ text: code, lang = '' }: Tokens.Code): string {
        const caption = CAPTIONS[lang] ?? (lang || 'Text');
        return SHELLS.has(lang)
          ? commandFigure(caption, code, lang === 'console' ? 'console' : 'request').text
          : codeFigure(caption, html`<pre tabindex="0"><code>${code}</code></pre>`).text;
      },
      link({ href, tokens }: Tokens.Link): string {
        const inner = new Html(this.parser.parseInline(tokens));
        const address = placeOf(href);
        return address === null ? inner.text : html`<a href="${address}">${inner}</a>`.text;
      },
      codespan({ text: code }: Tokens.Codespan): string {
        const written = html`<code>${code}</code>`;
        return PLACE_HERE.test(code) ? html`<a href="${code}">${written}</a>`.text : written.text;
      },
      image: ({ text: words }: Tokens.Image): string => html`${words}`.text,
      html: ({ text: raw }: Tokens.HTML | Tokens.Tag): string =>
        /^<!--[\s\S]*-->\s*$/.test(raw) ? '' : html`${raw}`.text,
      table({ header, rows }: Tokens.Table): string {
        const cell = (tag: Html, { tokens }: Tokens.TableCell): Html =>
          html`<${tag}>${new Html(this.parser.parseInline(tokens))}</${tag}>`;
        const th = new Html('th');
        const td = new Html('td');
        return html`<div class="wide" tabindex="0"><table><thead><tr>${header.map((each) => cell(th, each))}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((each) => cell(td, each))}</tr>`)}</tbody></table></div>`
          .text;
      },
    },
  });
  for (const token of marked.lexer(text)) {
    if (token.type === 'heading' && token['depth'] > 1) {
      sections.push({ id: '', title: plain(token['text']), words: '' });
    } else {
      const current = sections.at(-1);
      if (current !== undefined) current.words += ` ${token.raw}`;
    }
  }
  const content = new Html(marked.parse(text, { async: false }));
  const named = [...ids];
  return {
    content,
    sections: sections.map((each, index) => ({ ...each, id: named[index] ?? '' })),
  };
}

/** Addresses of these pages in words lead there. */
const PLACE_HERE = /^\/(?:docs|openapi[\w-]*\.json)(?:[/#][\w/#-]*)?$/;

const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'console']);

const CAPTIONS: Readonly<Record<string, string>> = {
  sh: 'Shell',
  bash: 'Shell',
  console: 'Shell',
  js: 'JavaScript',
  json: 'JSON',
  nginx: 'nginx',
  caddyfile: 'Caddyfile',
};

/** Where a link of a file in docs/ leads on these pages; null where its target is not among them. */
function placeOf(href: string): string | null {
  if (/^(?:https?:|#|\/docs(?:[/#?]|$)|\/openapi)/.test(href)) return href;
  const [, name = '', anchor = ''] = /^([\w-]+)\.md(#.*)?$/.exec(href) ?? [];
  if (name === 'errors') return `/docs/errors${anchor}`;
  if (name === 'api') return '/docs';
  return guides.some((each) => each.name === name) ? `/docs/guides/${name}${anchor}` : null;
}

/** As Markdown's readers make them: the heading in lower case, words joined by hyphens. */
function freeId(heading: string, taken: Set<string>): string {
  const plainId = plain(heading)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replaceAll(/\s+/g, '-');
  let id = plainId || 'section';
  for (let n = 1; taken.has(id); n += 1) id = `${plainId}-${n}`;
  taken.add(id);
  return id;
}

function plain(markdown: string): string {
  return markdown.replaceAll(/[`*_]/g, '');
}
