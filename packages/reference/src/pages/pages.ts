/** The pages of the reference, made from the description. */
import { ERRORS, type ErrorCode } from '@parley/protocol';
import { CHAPTERS } from '../chapters.js';
import { type Block, pageCommands } from '../commands/page.js';
import { firstWalk } from '../commands/walk.js';
import type { ApiDescription } from '../describe.js';
import { ABOUT_ERRORS } from '../error-table.js';
import { guideNamed, guides } from '../guides.js';
import type { OpenApi } from '../openapi.js';
import { JSON_ONLY } from '../server-paths.js';
import { commandFigure } from './code.js';
import { type Html, html, prose } from './html.js';
import { MAX_SEARCH, layout } from './layout.js';
import { operationSection } from './operation.js';
import { headingOf, methodBadge, operationsOf } from './operations-of.js';
import { type Place, search } from './search.js';

/** Names of the pages: the last part of each address; the overview's is empty. */
export const PAGES: readonly string[] = ['', ...CHAPTERS.map(({ id }) => id), 'errors'];

/** A page of that name; null when there is none. */
export function pageOf(description: ApiDescription, name: string): string | null {
  const { api } = description;
  if (name === '') return layout(api, 'overview', 'Overview', overview(api));
  if (name === 'errors') return layout(api, 'errors', 'Errors', errorPage());
  const chapter = CHAPTERS.find(({ id }) => id === name);
  if (chapter === undefined) return null;
  const { id, title } = chapter;
  const { first, operations, after } = pageCommands(api, title);
  const content = html`<h1>${title}</h1>${prose(chapter.description)}
${operations.some(({ command }) => command.needs.length > 0) ? firstFigure(first) : null}
${operations.map((each) => operationSection(description, each))}
${after === null ? null : html`<section class="done"><h2 id="done">Afterwards</h2>${commandFigure(after.words, after.text, 'after')}</section>`}`;
  return layout(api, id, title, content);
}

function firstFigure({ words, text }: Block): Html {
  return html`<section class="setup"><h2 id="first">Before the commands</h2>
<p>The commands below run as they are against the demo server (<code>npm start</code>), in bash or zsh, from the top of the page down. Paste this first: it sets up ${words}. Sessions and chats end after a few minutes without requests; if that happens, paste it again.</p>
${commandFigure('In this shell, first', text, 'first')}</section>`;
}

/** A guide; null for another name. */
export function guidePage({ api }: ApiDescription, name: string): string | null {
  const guide = guideNamed(name);
  if (guide === null) return null;
  const content = html`<article class="guide">${guide.content}</article>`;
  return layout(api, `guides/${guide.name}`, guide.title, content);
}

/** What is searched for: of what was sent, as much as narrows anything down. */
export function queryOf(sought: string): string {
  return sought.trim().slice(0, MAX_SEARCH);
}

/** Where the words were found; made anew for each search. */
export function searchPage(
  { api }: ApiDescription,
  places: readonly Place[],
  sought: string,
): string {
  const query = queryOf(sought);
  const found = search(places, query);
  const summary =
    query === ''
      ? 'Enter what you are looking for: parts of addresses, names of fields, numbers of errors.'
      : `${found.length === 0 ? 'Nothing has' : `${found.length} of ${places.length} places have`} all of: ${query}`;
  const items = found.map(
    ({ href, title, where }) =>
      html`<li><a href="${href}">${title}</a><span class="small">${where}</span></li>`,
  );
  const content = html`<h1>Search</h1>
<p>${summary}</p>
<ul class="found">${items}</ul>`;
  return layout(api, 'search', 'Search', content, query);
}

function overview(api: OpenApi): Html {
  return html`<h1>Parley API</h1>
<p class="lead">${api.info.summary}</p>
<h2 id="walk">A first walk</h2>
<p>With the demo server (<code>npm start</code>), in bash or zsh: an agent logs in and opens a session, a visitor requests a chat, the agent accepts it and replies, and the visitor reads the reply.</p>
${commandFigure('A chat, from the login to the reply', firstWalk(), 'request')}
<p>The commands of each chapter run in the same way. The chapter says what to paste first, and which user sends each request.</p>
${
  guides.length === 0
    ? null
    : html`<h2 id="guides">Guides</h2>
<ul class="doors">${guides.map(({ name, title }) => html`<li><a href="/docs/guides/${name}"><strong>${title}</strong></a></li>`)}</ul>`
}
<h2 id="representations">What to know</h2>
${prose(api.info.description)}
<h2 id="generators">For programs</h2>
<p><a href="/openapi.json"><code>/openapi.json</code></a> describes all of this in OpenAPI 3.1, with every representation. <a href="${JSON_ONLY}"><code>${JSON_ONLY}</code></a> is the same for JSON only, with one type for each body and response, which gives client generators the best results.</p>
${CHAPTERS.map(({ id, title }) => chapterTable(api, id, title))}`;
}

function chapterTable(api: OpenApi, id: string, title: string): Html {
  const rows = operationsOf(api, title).map(
    ({ method, path, operation }) => html`<tr>
<td>${methodBadge(method)}</td>
<td><a href="/docs/${id}#${operation.operationId}">${headingOf(operation)}</a><br><code class="small">${path}</code></td>
</tr>`,
  );
  return html`<h2><a href="/docs/${id}">${title}</a></h2>
<table class="index"><tbody>${rows}</tbody></table>`;
}

function errorPage(): Html {
  const codes = Object.keys(ERRORS) as ErrorCode[];
  const rows = codes.map((code) => {
    const { status, internalCode, responseStatus, title, remedy } = ERRORS[code];
    return html`<tr id="${code}">
<td><span class="status">${status}</span></td>
<td>${internalCode}</td>
<td><a href="#${code}"><code>${code}</code></a><br><span class="rules">${responseStatus}</span></td>
<td>${title}.<br>${remedy}</td>
</tr>`;
  });
  return html`<h1>Errors</h1>
${prose(ABOUT_ERRORS)}
<table class="error-table">
<thead><tr><th>Status</th><th><code>internalCode</code></th><th>Code</th><th>What happened, what to do</th></tr></thead>
<tbody>${rows}</tbody>
</table>`;
}
