/** What every page of the reference has around its content. */
import { CHAPTERS } from '../chapters.js';
import { guides } from '../guides.js';
import type { OpenApi } from '../openapi.js';
import { type Html, html } from './html.js';
import { headingOf, methodBadge, operationsOf } from './operations-of.js';

/** Which page it is: a chapter's id, `guides/name`, or one of the others. */
export type PageId =
  | 'overview'
  | 'errors'
  | 'search'
  | (typeof CHAPTERS)[number]['id']
  | `guides/${string}`;

/** What can be searched for at once, in characters. */
export const MAX_SEARCH = 100;

/**
 * A whole page. On a phone the chapters are shown when `#chapters` is the target of the address, and
 * hidden again by following any link in them: that needs no script. Neither does the search; the
 * script shows what is found while one types, and copies code.
 * @param searched what was searched for
 */
export function layout(
  api: OpenApi,
  page: PageId,
  title: string,
  content: Html,
  searched = '',
): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Parley API</title>
<link rel="icon" href="/docs/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/style.css">
<script src="/docs/reference.js" defer></script>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header class="top">
<a class="brand" href="/docs"><img src="/docs/icon.svg" alt="" width="24" height="24"> Parley <span>API</span></a>
<span class="version">${api.info.version}</span>
<form class="search" action="/docs/search" role="search">
<input type="search" name="q" value="${searched}" maxlength="${MAX_SEARCH}" placeholder="Search" aria-label="Search operations, guides and errors" autocomplete="off" required>
<kbd hidden>/</kbd>
<div class="hits" hidden></div>
</form>
<a class="download" href="/openapi.json">openapi.json</a>
<a class="menu" href="#chapters">Chapters</a>
</header>
<div class="columns">
<nav id="chapters" aria-label="Chapters">
<a class="close" href="#content">Close</a>
<ul>
${entry('/docs', 'Overview', page === 'overview')}
</ul>
${guideEntries(page)}
<h2>Reference</h2>
<ul>
${CHAPTERS.map(({ id, title: name }) => chapterEntry(api, id, name, page))}
${entry('/docs/errors', 'Errors', page === 'errors')}
</ul>
</nav>
<main id="content">
${content}
</main>
</div>
<p class="said" role="status" aria-live="polite"></p>
</body>
</html>
`.text;
}

function entry(href: string, name: string, current: boolean): Html {
  return current
    ? html`<li><a href="${href}" aria-current="page">${name}</a></li>`
    : html`<li><a href="${href}">${name}</a></li>`;
}

function guideEntries(page: PageId): Html | null {
  if (guides.length === 0) return null;
  return html`<h2>Guides</h2>
<ul>
${guides.map(({ name, title }) => entry(`/docs/guides/${name}`, title, page === `guides/${name}`))}
</ul>`;
}

/** The current chapter shows its operations. */
function chapterEntry(api: OpenApi, id: PageId, name: string, page: PageId): Html {
  if (id !== page) return entry(`/docs/${id}`, name, false);
  const operations = operationsOf(api, name).map(
    ({ method, operation }) =>
      html`<li><a href="#${operation.operationId}">${methodBadge(method)} ${headingOf(operation)}</a></li>`,
  );
  return html`<li><a href="/docs/${id}" aria-current="page">${name}</a><ul class="operations">${operations}</ul></li>`;
}
