/** How the pages look. No font, picture or script comes from elsewhere. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1c2430; --soft: #5b6675; --line: #dfe4ea; --paper: #ffffff; --shade: #f5f7f9;
  --accent: #0b6e63; --code: #f5f7f9;
  --get: #1f6feb; --post: #1a7f37; --put: #9a6700; --delete: #cf222e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e2e7ee; --soft: #9aa5b4; --line: #2c3440; --paper: #12171e; --shade: #1a212a;
    --accent: #4fc4b5; --code: #1a212a;
    --get: #6cb0ff; --post: #57c774; --put: #e0b13f; --delete: #ff7b72;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 4.5rem; }
body {
  margin: 0; color: var(--ink); background: var(--paper);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
code, pre, var { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
code { font-size: .875em; }
var { font-style: normal; color: var(--accent); }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; z-index: 3; background: var(--paper); padding: .5rem; }
.top {
  position: sticky; top: 0; z-index: 2; display: flex; align-items: center; gap: 1rem;
  height: 3.5rem; padding: 0 1.5rem; background: var(--paper); border-bottom: 1px solid var(--line);
}
.brand { display: flex; align-items: center; gap: .6rem; font-weight: 650; font-size: 1.05rem; color: var(--ink); }
.version { color: var(--soft); font-size: .85rem; border: 1px solid var(--line); border-radius: 1rem; padding: 0 .6rem; }
.brand span { color: var(--soft); font-weight: 500; }
.search { margin-left: auto; position: relative; }
.search kbd {
  position: absolute; right: .6rem; top: 50%; transform: translateY(-50%); pointer-events: none;
  font: .75rem/1.2 ui-monospace, Menlo, Consolas, monospace; color: var(--soft);
  border: 1px solid var(--line); border-radius: 4px; padding: .05rem .35rem;
}
.search input:focus + kbd, .search input:not(:placeholder-shown) + kbd { display: none; }
.hits {
  position: absolute; right: 0; top: calc(100% + .4rem); width: min(36rem, 92vw); max-height: min(30rem, 75vh);
  overflow-y: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 10px;
  box-shadow: 0 12px 32px rgb(0 0 0 / .18); padding: .35rem;
}
.hits a { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 .75rem; padding: .45rem .65rem; border-radius: 7px; color: var(--ink); }
.hits a:hover, .hits a[aria-selected="true"] { background: var(--shade); text-decoration: none; }
.hits a[aria-selected="true"] { outline: 2px solid var(--accent); outline-offset: -2px; }
.hits strong { font-weight: 550; font-size: .92rem; }
.hits .where { grid-column: 1 / -1; font-size: .78rem; color: var(--soft); overflow-wrap: anywhere; }
.hits .tag { font-size: .72rem; color: var(--soft); }
.hits .tag[data-kind="guide"] { color: var(--accent); }
.hits .tag[data-kind="error"] { color: var(--delete); }
.hits .all { color: var(--accent); font-size: .88rem; }
.hits p { margin: .5rem .65rem; color: var(--soft); font-size: .9rem; }
.search input {
  width: 18rem; font: inherit; font-size: .9rem; color: var(--ink); background: var(--shade);
  border: 1px solid var(--line); border-radius: 6px; padding: .3rem .7rem;
}
.search input:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.download { font-size: .9rem; }
.menu, .close { display: none; font-weight: 600; }
.columns { display: grid; grid-template-columns: 19rem minmax(0, 1fr); align-items: start; }
nav {
  position: sticky; top: 3.5rem; max-height: calc(100vh - 3.5rem); overflow-y: auto;
  padding: 1.25rem 1rem 2rem 1.5rem; border-right: 1px solid var(--line); min-height: calc(100vh - 3.5rem);
}
nav h2 { font-size: .72rem; text-transform: uppercase; letter-spacing: .06em; color: var(--soft); margin: 1.25rem 0 .3rem .6rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav > ul > li > a { display: block; padding: .3rem .6rem; border-radius: 6px; color: var(--ink); font-weight: 500; }
nav a[aria-current] { background: var(--shade); color: var(--accent); }
.operations { margin: .25rem 0 .75rem .35rem; border-left: 1px solid var(--line); }
.operations a {
  display: grid; grid-template-columns: 3.1rem 1fr; gap: .4rem; padding: .2rem .5rem;
  font-size: .82rem; line-height: 1.4; color: var(--soft);
}
.operations a:hover { color: var(--ink); text-decoration: none; background: var(--shade); }
.operations .method { font-size: .62rem; padding: .15rem 0 0; background: none; text-align: left; }
main { padding: 1.5rem 2.5rem 5rem; max-width: 86rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: .5rem 0 1rem; letter-spacing: -.01em; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 2.25rem 0 .6rem; }
h3 { font-size: .8rem; text-transform: uppercase; letter-spacing: .05em; color: var(--soft); margin: 1.6rem 0 .5rem; }
p { margin: .5rem 0; max-width: 46rem; }
main > p { max-width: 50rem; }
.lead { font-size: 1.15rem; color: var(--soft); }
p code, td code, li code { background: var(--code); padding: .1em .3em; border-radius: 4px; overflow-wrap: anywhere; }
.operation { border-top: 1px solid var(--line); margin-top: 2.5rem; padding-top: .25rem; }
.operation h2 { margin-top: 1.5rem; max-width: 52rem; }
.anchor { opacity: 0; font-weight: 400; }
h2:hover .anchor, h3:hover .anchor, .anchor:focus { opacity: .6; }
@media (hover: none) { .anchor { opacity: .6; } }
.address { display: flex; align-items: baseline; gap: .6rem; max-width: none; }
.address code { font-size: .92rem; background: none; padding: 0; }
.method {
  flex: none; font: 700 .72rem/1 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  padding: .35rem .5rem; border-radius: 5px; letter-spacing: .02em;
}
.method.get { color: var(--get); } .method.post { color: var(--post); }
.method.put { color: var(--put); } .method.delete { color: var(--delete); }
.address .method, .index .method { border: 1px solid currentcolor; display: inline-block; }
.halves { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 30rem); gap: 2.5rem; align-items: start; }
.credentials { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem; padding: 0; margin: .75rem 0; }
.credentials li { font-size: .8rem; color: var(--soft); border: 1px solid var(--line); border-radius: 1rem; padding: .05rem .65rem; }
.open { font-size: .85rem; color: var(--soft); }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th { text-align: left; font-weight: 600; font-size: .8rem; color: var(--soft); }
th, td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.index td:first-child { width: 5rem; }
td:first-child code { white-space: nowrap; }
td .optional { display: block; }
.small { font-size: .78rem; color: var(--soft); background: none; padding: 0; }
.optional, .rules, .kind, .status { font-size: .8rem; color: var(--soft); }
.status { font: 600 .8rem/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; color: var(--ink); }
.fields { font-size: .92rem; border: 1px solid var(--line); border-radius: 8px; padding: .2rem .9rem; }
.fields ul { list-style: none; margin: 0; padding: 0; }
.fields ul ul { margin-left: .45rem; padding-left: .9rem; border-left: 2px solid var(--line); }
.fields li { padding: .3rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.fields li:last-child { border-bottom: 0; }
.fields code { background: none; padding: 0; font-weight: 600; }
.fields .kind { color: var(--accent); }
.fields .words { color: var(--soft); font-size: .86rem; }
.fields .words .rules::before { content: "· "; }
.or { margin: .4rem 0 .1rem .45rem; font-size: .8rem; color: var(--soft); }
summary { cursor: pointer; }
.errors { margin-top: 1.5rem; font-size: .9rem; }
.errors > summary { font-size: .8rem; font-weight: 700; text-transform: uppercase; letter-spacing: .05em; color: var(--soft); }
.errors td:first-child { width: 3.5rem; }
figure { margin: 0 0 1rem; border: 1px solid var(--line); border-radius: 8px; overflow: hidden; background: var(--code); }
figcaption {
  display: flex; align-items: flex-start; justify-content: space-between; gap: .75rem;
  font-size: .78rem; color: var(--soft); padding: .45rem .5rem .45rem .9rem; border-bottom: 1px solid var(--line);
}
figcaption span { padding: .1rem 0; }
.copy {
  flex: none; font: inherit; color: var(--ink); background: var(--paper); cursor: pointer;
  border: 1px solid var(--line); border-radius: 6px; padding: .1rem .6rem; min-width: 4.2rem;
}
.copy:hover { border-color: var(--accent); color: var(--accent); }
.copy:focus-visible, pre:focus-visible, .wide:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
figure.request, figure.first, figure.before, figure.after { border-color: color-mix(in srgb, var(--accent) 35%, var(--line)); }
figure.before { border-style: dashed; }
.note { margin: 0; padding: .5rem .9rem; font-size: .82rem; color: var(--soft); border-top: 1px solid var(--line); max-width: none; }
pre { margin: 0; padding: .8rem .9rem; overflow: auto; max-height: 26rem; font-size: .8rem; line-height: 1.5; }
pre.shell { white-space: pre-wrap; overflow-wrap: anywhere; max-height: none; }
pre.shell .line { display: block; padding-left: 4ch; text-indent: -4ch; min-height: 1.5em; }
pre.shell .long { word-break: break-all; }
pre code { font-size: inherit; }
.setup, .done { border: 0; max-width: 62rem; }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; }
.wide { overflow-x: auto; }
.guide { max-width: 52rem; }
.guide h2 { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
.guide h3 { font-size: 1rem; text-transform: none; letter-spacing: 0; color: var(--ink); }
.guide table { margin: 1rem 0; }
.guide th, .guide td { min-width: 7rem; }
.guide pre code, .guide figure { max-width: 100%; }
.guide figure { margin: 1rem 0; }
figure details { border-top: 1px solid var(--line); }
figure summary { font-size: .78rem; color: var(--soft); padding: .35rem .9rem; }
.examples { position: sticky; top: 4.5rem; margin-top: .75rem; }
.home { margin: 0 auto; max-width: 48rem; }
.doors { list-style: none; margin: 1.5rem 0; padding: 0; display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); }
.doors a { display: block; height: 100%; padding: .9rem 1.1rem; border: 1px solid var(--line); border-radius: 8px; color: var(--ink); }
.doors a:hover { background: var(--shade); text-decoration: none; }
.doors strong { display: block; color: var(--accent); }
.doors span { font-size: .9rem; color: var(--soft); }
.found { list-style: none; margin: 1.5rem 0; padding: 0; max-width: 52rem; }
.found li { padding: .6rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.found .small { display: block; }
.error-table tr:target { background: color-mix(in srgb, var(--accent) 14%, transparent); }
.error-table td:nth-child(2) { font-variant-numeric: tabular-nums; }
@media (max-width: 76rem) {
  .halves { grid-template-columns: minmax(0, 1fr); gap: 1rem; }
  .examples { position: static; }
}
@media (max-width: 52rem) {
  .columns { grid-template-columns: minmax(0, 1fr); }
  nav { display: none; }
  nav:target {
    display: block; position: fixed; z-index: 1; inset: 3.5rem 0 0; max-height: none; min-height: 0;
    border-right: 0; padding: .75rem 1rem 2rem; background: var(--paper); outline: 0;
  }
  nav > ul > li > a { padding: .5rem .6rem; }
  .operations a { padding: .4rem .5rem; font-size: .9rem; }
  .menu { display: block; }
  .close { display: block; padding: .3rem .6rem; text-align: right; }
  .version, .download { display: none; }
  .search { flex: 1; margin: 0; position: static; }
  .search kbd { display: none; }
  .hits { left: .5rem; right: .5rem; top: 3.5rem; width: auto; max-height: 70vh; }
  .brand span { display: none; }
  .search input { width: 100%; font-size: 1rem; }
  main { padding: 1rem 1rem 4rem; }
  .top { padding: 0 1rem; gap: .75rem; }
  .error-table thead { display: none; }
  .error-table tr { display: grid; grid-template-columns: 2.75rem 3.25rem minmax(0, 1fr); padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .error-table td { border: 0; padding: .1rem .25rem .1rem 0; overflow-wrap: anywhere; }
  .error-table td:nth-child(4) { grid-column: 1 / -1; }
}
@media (max-width: 24rem) { td { overflow-wrap: anywhere; } td:first-child code { white-space: normal; } }
@media print { nav, nav:target, .top { display: none; } .columns { display: block; } pre { max-height: none; } }
`.trim();

/** Two balloons of speech. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#0b6e63" d="M4 3h11a3 3 0 0 1 3 3v5a3 3 0 0 1-3 3H9l-4 4v-4H4a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3z"/><path fill="#4fc4b5" d="M20 9a3 3 0 0 1 3 3v4a3 3 0 0 1-3 3h-1v3l-3-3h-4a3 3 0 0 1-2.8-2H15a5 5 0 0 0 5-5z"/></svg>`;
