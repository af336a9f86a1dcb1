/** `…/visitors/{visitorId}`: what there is of a visitor, and erasing it (rules ERASE…). */
import { changeContextOf, requireAdministrator } from './call.js';
import { pathParam, queryInteger, queryOneOf } from '../http/query.js';
import { answerWith } from '../http/reply.js';
import {
  type DocumentValue,
  formatTime,
  REL,
  visitorDataDocument,
  visitorErasureDocument,
  WireError,
} from '@parley/protocol';
import type { FastifyInstance } from 'fastify';
import type { ConfigurationCall } from './call.js';
import { CONFIGURATION_API } from './collection-routes.js';
import type { Answer } from '../http/answer.js';
import { resource } from '../http/resource.js';
import type { ConfigurationContext } from './context.js';
import { entriesOf, findTrail, type ReadEntry } from '@parley/runtime/retention/visitor-trail';

/** Characters of records in one answer: a little more than these at most. */
const PAGE_CHARS = 1_000_000;

/** Characters of records that are answered along with their erasing, at most. */
const MAX_EXPORTED_CHARS = 8_000_000;

type DataRecord = NonNullable<DocumentValue<typeof visitorDataDocument>['record']>[number];

export function registerVisitorData(app: FastifyInstance, server: ConfigurationContext): void {
  resource(app, server, CONFIGURATION_API, '/visitors/:visitor', {
    GET: {
      summary: 'Exports everything stored about a visitor as JSON.',
      description:
        'For administrators. Returns the records that DELETE erases, in the order in which they were stored. Many records come in pages, each with a link to the next. If there are none, the response is 404.',
      query: {
        from: {
          description: 'Where the page begins. Taken from the link to the page.',
          schema: { type: 'integer', minimum: 0 },
        },
      },
      answers: { 200: visitorDataDocument },
      errors: ['unauthorized', 'forbidden', 'notFound', 'invalidQuery'],
      handle: readData,
    },
    DELETE: {
      summary: 'Erases everything said by and to a visitor, and everything that identifies them.',
      description:
        'For administrators. This cannot be undone. Once you get the response, lines, surveys, variables, visits, names, addresses and identities are gone from the live state, the journal and the snapshots. The fact that there were chats, when and with whom, remains. If the visitor is in a chat, the request is refused: end the chat first. Backups and copies sent elsewhere are not touched. With export=true, the response contains the erased records.',
      query: {
        export: {
          description: 'true: the response contains the erased records.',
          schema: { type: 'boolean', default: false },
        },
      },
      answers: { 200: visitorErasureDocument },
      errors: ['unauthorized', 'forbidden', 'notFound', 'invalidQuery', 'conflict'],
      handle: eraseData,
    },
  });
}

async function readData(call: ConfigurationCall): Promise<Answer> {
  requireAdministrator(call);
  const after = queryInteger(call, 'from', { min: 0, max: Number.MAX_SAFE_INTEGER }) ?? 0;
  const { records, next } = await readRecords(call, after, PAGE_CHARS);
  if (records.length === 0 && after === 0) throw nothingOf();
  const self = uriOf(call);
  const link = [
    { href: after === 0 ? self : `${self}?from=${after}`, rel: REL.self },
    ...(next === null ? [] : [{ href: `${self}?from=${next}`, rel: REL.next }]),
  ];
  return answerWith(call, visitorDataDocument, { link, record: records });
}

async function eraseData(call: ConfigurationCall): Promise<Answer> {
  requireAdministrator(call);
  const { account, server, user } = call;
  const { actor, from } = changeContextOf(call);
  const wanted = queryOneOf(call, 'export', ['true', 'false']) === 'true';
  const record = wanted ? await allRecords(call) : null;
  const erased = await server.retention.eraseVisitor(account, pathParam(call, 'visitor'), {
    actor,
    from,
    userId: user.id,
  });
  if (erased === null) throw nothingOf();
  return answerWith(call, visitorErasureDocument, {
    erased,
    ...(record === null ? {} : { record }),
  });
}

/** @throws WireError 409 when that is too much for one answer. */
async function allRecords(call: ConfigurationCall): Promise<DataRecord[]> {
  const { records, next } = await readRecords(call, 0, MAX_EXPORTED_CHARS);
  if (next === null) return records;
  throw new WireError(
    'conflict',
    'There is too much of this visitor for one answer, so nothing was erased: read it by GET, page by page, then DELETE without export.',
  );
}

/** The records behind a position, as many as fit; `next` is where it goes on, null at the end. */
async function readRecords(
  call: ConfigurationCall,
  after: number,
  most: number,
): Promise<{ readonly records: DataRecord[]; readonly next: number | null }> {
  const { account, server } = call;
  const looking = { journal: server.store.journal, accountId: account.id };
  const trail = await findTrail(looking, pathParam(call, 'visitor'));
  const { timeZone } = account.setup.engine.settings;
  const records: DataRecord[] = [];
  let chars = 0;
  for await (const { read } of entriesOf(looking, trail, after)) {
    for (const each of read) {
      if (chars >= most) return { records, next: each.entry.seq - 1 };
      records.push(recordOf(each, timeZone));
      chars += each.entry.data.length;
    }
  }
  return { records, next: null };
}

function recordOf({ entry, event }: ReadEntry, timeZone: string): DataRecord {
  const { type, chatId, ...data } = { chatId: undefined, ...event };
  return {
    time: formatTime(entry.at, timeZone),
    type,
    ...(chatId === undefined ? {} : { chatSessionKey: chatId }),
    data,
  };
}

function nothingOf(): WireError {
  return new WireError('notFound', 'There is nothing of such a visitor, or not any more.');
}

function uriOf(call: ConfigurationCall): string {
  return `${call.base}/visitors/${encodeURIComponent(pathParam(call, 'visitor'))}`;
}
