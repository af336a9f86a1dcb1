/** The pages of the reference, made from the description. */
import { ERRORS, type ErrorCode } from '@parley/protocol';
import { CHAPTERS } from '../chapters.js';
import { ABOUT_ERRORS } from '../error-table.js';
import type { OpenApi } from '../openapi.js';
import { type Html, html, prose } from './html.js';
import { LONGEST_SEARCH, layout } from './layout.js';
import { operationSection } from './operation.js';
import { headingOf, methodBadge, operationsOf } from './operations-of.js';
import { type Place, search } from './search.js';

/** Names of the pages: the last part of each address; the overview's is empty. */
export const PAGES: readonly string[] = ['', ...CHAPTERS.map(({ id }) => id), 'errors'];

/** A page of that name; null when there is none. */
export function pageOf(api: OpenApi, name: string): string | null {
  if (name === '') return layout(api, 'overview', 'Overview', overview(api));
  if (name === 'errors') return layout(api, 'errors', 'Errors', errorPage());
  const chapter = CHAPTERS.find(({ id }) => id === name);
  if (chapter === undefined) return null;
  const { id, title, description } = chapter;
  const sections = operationsOf(api, title).map((each) => operationSection(api, each));
  return layout(api, id, title, html`<h1>${title}</h1>${prose(description)}${sections}`);
}

/** Where the words were found; made anew for each search. */
export function searchPage(api: OpenApi, places: readonly Place[], sought: string): string {
  const query = sought.trim().slice(0, LONGEST_SEARCH);
  const found = search(places, query);
  const told =
    query === ''
      ? 'Type words of what you look for: parts of addresses, names of fields, numbers of errors.'
      : `${found.length === 0 ? 'Nothing has' : `${found.length} of ${places.length} places have`} all of: ${query}`;
  const items = found.map(
    ({ href, title, where }) =>
      html`<li><a href="${href}">${title}</a><code class="small">${where}</code></li>`,
  );
  const content = html`<h1>Search</h1>
<p>${told}</p>
<ul class="found">${items}</ul>`;
  return layout(api, 'search', 'Search', content, query);
}

function overview(api: OpenApi): Html {
  return html`<h1>Parley API</h1>
<p class="lead">${api.info.summary}</p>
${prose(api.info.description)}
<h2>A first walk</h2>
<p>With the demo server, in a shell. The commands on these pages use the same three variables.</p>
<figure><pre><code>${WALK}</code></pre></figure>
${CHAPTERS.map(({ id, title }) => chapterTable(api, id, title))}`;
}

const WALK = `PARLEY=http://localhost:8080
KEY=parley-demo-visitor-key
TOKEN=$(curl -s "$PARLEY/api/account/12345678/login?v=1.3" \\
  -d '{"username":"agent1","password":"parley-demo"}' |
  node -pe 'JSON.parse(require("fs").readFileSync(0)).bearer')

curl -si -X POST "$PARLEY/api/account/12345678/agentSession?v=1&NC=true" \\
  -H "Authorization: Bearer $TOKEN"`;

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
