/**
 * Cleaning HTML, against what is known to get through cleaners and against whatever can be put
 * together. What is left is read by another parser, the one that browsers' standard describes, several
 * times over, since some attacks only come to life when a page writes and reads its own markup.
 */
import fc from 'fast-check';
import { type DefaultTreeAdapterMap, parseFragment, serialize } from 'parse5';
import { describe, expect, it } from 'vitest';
import { cleanHtml } from '@parley/runtime/html/html';
import { ALLOWED_STYLES } from '@parley/runtime/html/html-styles';

const TAGS = new Set(
  (
    'a abbr b blockquote br code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre s ' +
    'small span strong sub sup table tbody td th thead tr u ul'
  ).split(' '),
);
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  a: ['href', 'title', 'target', 'rel'],
  img: ['src', 'alt', 'title', 'width', 'height'],
  td: ['colspan', 'rowspan'],
  th: ['colspan', 'rowspan'],
};

type Node = DefaultTreeAdapterMap['node'];

/** Everything in a parsed fragment that may not be there. */
function* dangersIn(node: Node): Generator<string> {
  if ('tagName' in node) {
    const { tagName, attrs, namespaceURI } = node;
    if (!TAGS.has(tagName) || namespaceURI !== 'http://www.w3.org/1999/xhtml') yield `<${tagName}>`;
    for (const { name, value } of attrs) {
      const known = [...(ATTRIBUTES[tagName] ?? []), 'dir', 'lang', 'style'].includes(name);
      if (!known) yield `${name} of <${tagName}>`;
      if (name === 'href' || name === 'src') yield* dangerousAddress(name, value);
      if (name === 'style') yield* dangerousStyle(value);
    }
    if (
      tagName === 'a' &&
      !attrs.some(({ name, value }) => name === 'rel' && value.includes('noopener'))
    ) {
      yield 'a link that reveals';
    }
  } else if (node.nodeName === '#comment' || node.nodeName === '#documentType') {
    yield node.nodeName;
  }
  if ('childNodes' in node) for (const child of node.childNodes) yield* dangersIn(child);
}

/** As a browser would understand it, from a page elsewhere. */
function* dangerousAddress(name: string, value: string): Generator<string> {
  const { protocol } = new URL(value, 'relative://page.example/');
  const allowed = name === 'src' ? ['http:', 'https:'] : ['http:', 'https:', 'mailto:', 'tel:'];
  if (!allowed.includes(protocol)) yield `${name}="${value}"`;
}

function* dangerousStyle(value: string): Generator<string> {
  for (const declaration of value.split(';').filter((each) => each.trim() !== '')) {
    const [property = '', ...rest] = declaration.split(':');
    const rules = ALLOWED_STYLES[property.trim()];
    if (!rules?.some((rule) => rule.test(rest.join(':').trim()))) yield `style: ${declaration}`;
    if (/url|expression|@|\\|<|\/\*/i.test(declaration)) yield `style: ${declaration}`;
  }
}

/** How often a page may write what it read before anything else could come of it. */
const ROUNDS = 4;

function requireBeHarmless(html: string): void {
  const clean = cleanHtml(html);
  expect(cleanHtml(clean), `cleaned twice: ${JSON.stringify(html)}`).toBe(clean);
  let markup = clean;
  for (let round = 0; round < ROUNDS; round += 1) {
    const parsed = parseFragment(markup);
    expect([...dangersIn(parsed)], `round ${round} of ${JSON.stringify(html)}`).toEqual([]);
    markup = serialize(parsed);
  }
}

/** In the forms of attacks that are known to have got through cleaners. */
const VECTORS = [
  '<script>alert(1)</script>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<img src=x onerror=alert(1)>',
  '<img src="x` `<script>alert(1)</script>"` `>',
  '<img/src="x"/onerror=alert(1)//',
  '<<img src=x onerror=alert(1)//<',
  '<a href="jav&#x09;ascript:alert(1)">x</a>',
  '<a href="&#14;javascript:alert(1)">x</a>',
  '<a href=javascript&colon;alert(1)>x</a>',
  '<a href="javascript&#0000058alert(1)">x</a>',
  '<a href=" &#14; javascript:alert(1)">x</a>',
  '<a href="\u0001javascript:alert(1)">x</a>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
  '<svg><p><style><g title="</style><img src onerror=alert(1)>"></style></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<math><mtext><table><mglyph><style><math><img src onerror=alert(1)></style></mglyph></table></mtext></math>',
  '<form><math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror=alert(1) src>">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<template><script>alert(1)</script></template>',
  '<title><a title="</title><img src=x onerror=alert(1)>">',
  '<textarea><a title="</textarea><img src=x onerror=alert(1)>">',
  '<xmp><a title="</xmp><img src=x onerror=alert(1)>">',
  '<plaintext><img src=x onerror=alert(1)>',
  '<listing>&lt;img src=x onerror=alert(1)&gt;</listing>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<iframe><img title="</iframe><img src=x onerror=alert(1)>">',
  '<select><template><style><!--</style><a rel="--></style></template></select><img id=x src onerror=alert(1)>">x</a>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<!--- ><img src=x onerror=alert(1)>--->',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<?xml version="1.0"?><img src=x onerror=alert(1)>',
  '<!doctype html><img src=x onerror=alert(1)>',
  '<a title="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;">x</a>',
  "<a title='&#39; onmouseover=alert(1) x=&#39;'>x</a>",
  '<a title="` onmouseover=alert(1) x=`">x</a>',
  '<p style="background:url(javascript:alert(1))">x</p>',
  '<p style="color:expression(alert(1))">x</p>',
  '<p style="color:r\\65 d;behavior:url(x)">x</p>',
  '<p style="color:red;/*;*/position:fixed;top:0">x</p>',
  '<p style="font-family:\';}*{color:red}">x</p>',
  '<p style="font-family:&quot;</style><img src=x onerror=alert(1)>">x</p>',
  '<p style="color:red\u0000;position:fixed">x</p>',
  '<table><tr><td><a href=x><table><tr><td></a><img src=x onerror=alert(1)>',
  '<a href="https://x.example"><a href="javascript:alert(1)">x</a></a>',
  '<p><p><div></p><b><i></b></i><a><b></a></b>',
  '<pre>\n\n x</pre>',
  '<img src="https://x.example/a.png" srcset="javascript:alert(1) 1x">',
  '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
  '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
  '<a href="https://user:password@x.example/">x</a>',
  '<a href="https:\\\\x.example">x</a>',
  '<a href="/logout">x</a><a href="?x">x</a><a href="#x">x</a>',
  '<a href="//x.example/y">x</a><a href="www.x.example">x</a>',
  '<b>&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;</b>',
  '&lt;img src=x onerror=alert(1)&gt;',
  '&#60;img src=x onerror=alert(1)&#62;',
  '\u003cimg src=x onerror=alert(1)\u003e',
  '＜img src=x onerror=alert(1)＞',
  '<IMG SRC=x ONERROR=alert(1)>',
  '<img src=x oNeRrOr\u0000=alert(1)>',
  '<img\u000csrc=x\u000conerror=alert(1)>',
  '<base href="javascript:alert(1)//"><a href=x>x</a>',
  '<isindex action=javascript:alert(1) type=image>',
  '<object data="javascript:alert(1)"></object><embed src="javascript:alert(1)">',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  '<link rel=stylesheet href="javascript:alert(1)"><style>@import "x"</style>',
  '<video><source onerror=alert(1)></video><audio src onerror=alert(1)>',
  '<details open ontoggle=alert(1)><marquee onstart=alert(1)><input autofocus onfocus=alert(1)>',
  '<svg><animate onbegin=alert(1) attributeName=x><set attributeName=href to="javascript:alert(1)">',
  '<svg><use href="data:image/svg+xml,<svg id=x onload=alert(1)>#x"></use></svg>',
  '<math href="javascript:alert(1)">x</math><math><maction actiontype="statusline#" xlink:href="javascript:alert(1)">x',
];

/** Pieces of which attacks are made. */
const PIECES = [
  ...[
    '<',
    '>',
    '</',
    '/>',
    '"',
    "'",
    '`',
    '=',
    ' ',
    '\n',
    '\u0000',
    '\u000c',
    '&',
    ';',
    '--',
    '<!--',
    '-->',
    ']]>',
  ],
  ...[
    '&lt;',
    '&gt;',
    '&amp;',
    '&quot;',
    '&#x6A;',
    '&colon;',
    '&#0',
    'x',
    ' x=',
    '<![CDATA[',
    '<?',
    '<!x',
  ],
  ...[
    'b',
    'a',
    'p',
    'img',
    'table',
    'td',
    'tr',
    'pre',
    'div',
    'span',
    'li',
    'ul',
    'h1',
    'hr',
    'br',
  ],
  ...[
    'svg',
    'math',
    'style',
    'script',
    'template',
    'title',
    'textarea',
    'noscript',
    'iframe',
    'select',
  ],
  ...[
    'mtext',
    'mglyph',
    'foreignObject',
    'desc',
    'form',
    'option',
    'xmp',
    'plaintext',
    'annotation-xml',
  ],
  ...[
    ' href="https://x.example"',
    ' href="javascript:alert(1)"',
    ' href=jav',
    ' src=x',
    ' onerror=alert(1)',
  ],
  ...[
    ' style="color:red"',
    ' style="',
    'color:red;',
    'position:fixed',
    'url(x)',
    '\\',
    ' title="',
    ' dir=rtl',
  ],
];

/** Tags, well-formed or not, and text between them. */
const markup = fc
  .array(
    fc.oneof(
      fc.constantFrom(...PIECES),
      fc.constantFrom(...PIECES).map((piece) => `<${piece}`),
      fc.constantFrom(...PIECES).map((piece) => `<${piece}>`),
      fc.constantFrom(...PIECES).map((piece) => `</${piece}>`),
      fc
        .constantFrom(...VECTORS)
        .chain((vector) => fc.nat(vector.length).map((length) => vector.slice(0, length))),
    ),
    { maxLength: 16 },
  )
  .map((pieces) => pieces.join(''));

const RUNS = Number(process.env['PARLEY_HTML_RUNS'] ?? 3_000);

describe('whatever is cleaned', () => {
  it.each(VECTORS)(
    '[HTML5, HTML10] %j: nothing harmful is left, and cleaning again changes nothing',
    (vector) => {
      requireBeHarmless(vector);
      // Beside text, within what may stay, and cleaned away around each other.
      requireBeHarmless(`<p title="x">a${vector}b</p>`);
      requireBeHarmless(`<table><td>${vector}${vector}`);
      requireBeHarmless(`<a href="https://x.example">${vector.toUpperCase()}`);
    },
  );

  it('[HTML5, HTML10] nor of anything that can be put together', () => {
    fc.assert(fc.property(markup, requireBeHarmless), { numRuns: RUNS });
  });

  it('[HTML10] nesting is bounded, and the text is kept', () => {
    const deep = `${'<b><i>'.repeat(600)}x`;
    const clean = cleanHtml(deep);
    expect(clean.match(/<[bi]>/g)?.length).toBeLessThanOrEqual(64);
    expect(clean).toContain('x');
    requireBeHarmless(deep);
  });

  it('the checks of this test find what they look for', () => {
    const found = (html: string) => [...dangersIn(parseFragment(html))];
    expect(found('<script>x</script>')).toEqual(['<script>']);
    expect(found('<b onclick=x>y</b>')).toEqual(['onclick of <b>']);
    expect(found('<a href="java&#9;script:x" rel=noopener>y</a>')).toHaveLength(1);
    expect(found('<a href="/x" rel=noopener>y</a>')).toHaveLength(1);
    expect(found('<p style="position:fixed">x</p><svg></svg><!--x-->')).toHaveLength(3);
    expect(found('<a href="https://x.example" rel=noopener>y</a>')).toEqual([]);
  });
});
