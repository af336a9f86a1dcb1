/** One operation of the reference. */
import { ERRORS, type ErrorCode } from '@parley/protocol';
import type { Block, PageCommand } from '../commands/page.js';
import type { ApiDescription } from '../describe.js';
import type {
  ExampleObject,
  MediaType,
  OpenApi,
  ParameterObject,
  Ref,
  ResponseObject,
} from '../openapi.js';
import { codeFigure, commandFigure } from './code.js';
import { fields } from './fields.js';
import { type Html, html, prose } from './html.js';
import {
  type Described,
  headingOf,
  isRef,
  methodBadge,
  nameOf,
  resolved,
} from './operations-of.js';

export function operationSection(description: ApiDescription, page: PageCommand): Html {
  const { api } = description;
  const { described } = page;
  const { path, method, operation } = described;
  const responses = Object.entries(operation.responses);
  const answers = responses.filter(([status]) => Number(status) < 400);
  return html`<section class="operation" id="${operation.operationId}">
<h2>${headingOf(operation)} <a class="anchor" href="#${operation.operationId}" aria-label="Link to this">#</a></h2>
<p class="address">${methodBadge(method)} <code>${pathParts(path)}</code></p>
<div class="halves">
<div>
${credentials(described)}
${prose(operation.description)}
${parameterTable(api, described)}
${requestBody(api, described)}
${answers.map(([status, each]) => answerBlock(api, status, resolved(api.components.responses, each)))}
${errors(responses)}
</div>
<div class="examples">
${before(page.before)}
${request(page)}
${bodyExamples(description, described)}
${answers.map(([status, each]) => answerExamples(description, status, resolved(api.components.responses, each)))}
</div>
</div>
</section>
`;
}

/** Parameters of a path stand out; long paths may break at any slash. */
function pathParts(path: string): readonly Html[] {
  return path.split(/(\{\w+\}|\/)/).map((part) => {
    if (part === '/') return html`/<wbr>`;
    return part.startsWith('{') ? html`<var>${part}</var>` : html`${part}`;
  });
}

const SCHEME_WORDS: Readonly<Record<string, string>> = {
  bearer: 'Bearer',
  'bearer, agentSessionCookie': 'Bearer with the session’s cookie',
  oauth2: 'OAuth 2 bearer',
  signature: 'OAuth 1.0a signature',
  appKey: 'App key',
  appKeyInQuery: 'appKey in the query',
  loginCookie: 'Cookie of the login',
  clientBasic: 'Client id and secret',
};

function credentials({ operation }: Described): Html {
  const ways = operation.security.map((each) => Object.keys(each).join(', '));
  const chips = ways
    .filter((way) => way !== '')
    .map((way) => html`<li>${SCHEME_WORDS[way] ?? way}</li>`);
  if (chips.length === 0) return html`<p class="open">No credential is needed.</p>`;
  const none = ways.includes('') ? html`<li>none</li>` : null;
  return html`<ul class="credentials" aria-label="Credentials, any of these">${chips}${none}</ul>`;
}

function parameterTable(api: OpenApi, { operation }: Described): Html | null {
  const parameters = operation.parameters.map((each) => resolved(api.components.parameters, each));
  if (parameters.length === 0) return null;
  const rows = parameters.map(
    (each) => html`<tr>
<td><code>${each.name}</code>${each.required ? null : html` <span class="optional">optional</span>`}</td>
<td>${each.in}</td>
<td>${each.description} ${values(each)}</td>
</tr>`,
  );
  return html`<h3>Parameters</h3>
<table><thead><tr><th>Name</th><th>In</th><th>Description</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function values({ schema }: ParameterObject): Html | null {
  const items = schema['items'];
  const inside = typeof items === 'object' && items !== null ? Object(items) : schema;
  const { enum: allowed, minimum, maximum } = inside;
  if (Array.isArray(allowed)) {
    return html`<span class="rules">${allowed.map(String).join(', ')}${inside === schema ? '' : '; may be repeated'}</span>`;
  }
  if (minimum === undefined && maximum === undefined) return null;
  return html`<span class="rules">${[minimum, maximum].map((each) => each ?? '…').join(' to ')}</span>`;
}

function requestBody(api: OpenApi, { operation }: Described): Html | null {
  const body = operation.requestBody;
  const schema = body?.content['application/json']?.schema;
  if (body === undefined || schema === undefined) return null;
  return html`<h3>Body${body.required ? null : html` <span class="optional">optional</span>`}</h3>
${prose(body.description)}${fields(schema, api.components.schemas)}`;
}

function answerBlock(
  api: OpenApi,
  status: string,
  { description, headers, content }: ResponseObject,
): Html {
  const schema = content?.['application/json']?.schema;
  const list = schema === undefined ? null : fields(schema, api.components.schemas);
  const names = Object.keys(headers ?? {});
  const sets =
    names.length === 0
      ? null
      : html`<p>Headers: ${names.map((name, index) => html`${index === 0 ? '' : ', '}<code>${name}</code>`)}.</p>`;
  return html`<h3>Answer <span class="status">${status}</span></h3>
${prose(description)}${sets}${list}`;
}

/** Codes and what they mean, from the names of the examples. */
function errors(responses: readonly (readonly [string, ResponseObject | Ref])[]): Html {
  const rows = responses
    .filter(([status]) => Number(status) >= 400)
    .map(([status, response]) => {
      const codes = isRef(response) ? codesOf(response) : [];
      return html`<tr><td><span class="status">${status}</span></td><td>${codes.map(errorLink)}${
        codes.length === 0 && !isRef(response) ? response.description : null
      }</td></tr>`;
    });
  return html`<details class="errors"><summary>Errors</summary><table><tbody>${rows}</tbody></table></details>`;
}

function codesOf({ $ref }: Ref): ErrorCode[] {
  const [, ...codes] = $ref.slice($ref.lastIndexOf('/') + 1).split('.');
  return codes.filter((code): code is ErrorCode => Object.hasOwn(ERRORS, code));
}

function errorLink(code: ErrorCode): Html {
  const { title, internalCode } = ERRORS[code];
  return html`<div><a href="/docs/errors#${code}">${code}</a> <span class="rules">${internalCode}</span> ${title}</div>`;
}

function before(block: Block | null): Html | null {
  return block === null ? null : commandFigure(`First: ${block.words}`, block.text, 'before');
}

function request({ command }: PageCommand): Html {
  const { as, text, because, status } = command;
  const note =
    because === null
      ? null
      : html`<p class="note">In the demo account the response is ${status}: ${because}.</p>`;
  return commandFigure(`Request, ${as}`, text, 'request', note);
}

function bodyExamples(description: ApiDescription, { operation }: Described): Html | null {
  const content = operation.requestBody?.content ?? {};
  return html`${exampleFigures(description, content, 'Body')}`;
}

function answerExamples(
  description: ApiDescription,
  status: string,
  { content }: ResponseObject,
): Html {
  return html`${exampleFigures(description, content ?? {}, `Answer ${status}`)}`;
}

const REPRESENTATIONS: Readonly<Record<string, string>> = {
  'application/json': 'JSON',
  'application/xml': 'XML',
  'application/hal+json': 'HAL',
};

/** Each example in its representations: JSON at once, the others to be opened. */
function exampleFigures(
  { api, exampleTexts }: ApiDescription,
  content: Readonly<Record<string, MediaType>>,
  title: string,
): readonly Html[] {
  const names = Object.keys(content['application/json']?.examples ?? {});
  return names.map((name) => {
    const written = Object.entries(REPRESENTATIONS).flatMap(([type, words]) => {
      const example = content[type]?.examples?.[name];
      if (example === undefined) return [];
      const found = resolved<ExampleObject>(api.components.examples, example);
      return [
        {
          words,
          example: found,
          text: isRef(example) ? exampleTexts.get(nameOf(example)) : undefined,
        },
      ];
    });
    const [first] = written;
    const summary = first?.example.summary ?? '';
    return codeFigure(
      `${title}: ${summary.replace(/\.$/, '')}`,
      html`${written.map(({ words, example, text }, index) => {
        const code = html`<pre tabindex="0"><code>${shown(example, text)}</code></pre>`;
        return index === 0 ? code : html`<details><summary>${words}</summary>${code}</details>`;
      })}`,
    );
  });
}

/** JSON indented; XML with one element per line where that changes nothing. */
function shown({ value }: ExampleObject, text: string | undefined): string {
  return text === undefined ? JSON.stringify(value, null, 2) : text.replaceAll(/>(?=<)/g, '>\n');
}
