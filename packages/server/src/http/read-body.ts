/** The body of a call as a document. */
import { describeProblems, type DocumentType, parseJson, WireError } from '@parley/protocol';
import type { AskedRequest } from './asked.js';
import { requireReadable } from './body-text.js';
import type { Call } from './call.js';
import { rawFacts } from './raw-request.js';

/**
 * The body as a document.
 * @throws WireError 400 naming the field and the rule, or the place where it is malformed; 415.
 */
export function readBody<T>(call: Call, document: DocumentType<T>): T {
  const text = typeof call.request.body === 'string' ? call.request.body : '';
  const start = text.trimStart();
  const result = start.startsWith('<')
    ? document.readXml(text)
    : document.read(start === '' ? undefined : parseBody(call.request, text, start));
  if (result.ok) return result.value;
  throw new WireError(result.code, describeProblems(result.problems));
}

/** A body that does not look like XML, parsed. */
function parseBody(request: AskedRequest, text: string, start: string): unknown {
  const parsed = parseJson(text);
  if (parsed.ok) return parsed.value;
  const { contentType } = rawFacts(request.raw);
  if (!/^[[{"]/.test(start)) requireReadable(contentType);
  throw new WireError('malformedBody', parsed.message);
}
