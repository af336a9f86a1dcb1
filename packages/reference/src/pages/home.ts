/** What a browser sees at `/`: what this server is, and where to go on. */
import { guides } from '../guides.js';
import { type Html, html } from './html.js';

/** The page; the same for everybody. */
export function homePage(): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Parley</title>
<link rel="icon" href="/docs/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<header class="top">
<a class="brand" href="/"><img src="/docs/icon.svg" alt="" width="24" height="24"> Parley</a>
</header>
<main id="content" class="home">
<h1>This is a Parley server</h1>
<p class="lead">A live-chat engine, wire-compatible with the LivePerson Chat Agent API. Bots, workspaces and
pages talk to it over HTTP; start here to find what they need.</p>
<ul class="doors">
<li><a href="/docs"><strong>API reference</strong><span>Every resource with its documents, errors and commands to paste.</span></a></li>
${guideDoors()}
<li><a href="/docs/errors"><strong>Errors</strong><span>What each number means and what to do about it.</span></a></li>
<li><a href="/openapi.json"><strong>openapi.json</strong><span>The reference for programs: OpenAPI 3.1.</span></a></li>
<li><a href="/readyz"><strong>Health</strong><span>Whether the server is ready for requests (/readyz), and whether the process is alive (/healthz).</span></a></li>
</ul>
<h2>Next</h2>
<ol>
<li>The terminal in which the server was started shows its addresses, and commands for a first chat.</li>
<li>A client needs one thing: this address, as the domain of its account. It finds the rest through
<a href="/docs/domain">the Domain API</a>, follows links, and builds no URLs.</li>
<li>The commands for a first chat, to paste into a shell, are at <a href="/docs#walk">the head of the reference</a>.</li>
<li><code>parley doctor</code> says what is wrong with a machine or its data.</li>
</ol>
</main>
</body>
</html>
`.text;
}

/** The guides that most readers want. */
const DOORS: Readonly<Record<string, string>> = {
  'porting-a-bot': 'What to change in an existing bot, step by step.',
  operations: 'Running Parley as a service: certificates, backup, upgrade, sizing.',
};

function guideDoors(): readonly Html[] {
  return guides
    .filter(({ name }) => Object.hasOwn(DOORS, name))
    .map(
      ({ name, title }) =>
        html`<li><a href="/docs/guides/${name}"><strong>${title}</strong><span>${DOORS[name] ?? ''}</span></a></li>`,
    );
}
