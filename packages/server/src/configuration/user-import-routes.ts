/**
 * `POST …/configuration/user-import`: thousands of users in one request. Rows are made in batches, each
 * in one transaction, and what became of each is answered as soon as its batch is on disk.
 */
import { changeContextOf, requireAdministrator } from './call.js';
import { answerEmpty } from '../http/reply.js';
import { Readable } from 'node:stream';
import { parseJson, WireError } from '@parley/protocol';
import { StoreFailure } from '@parley/store';
import type { FastifyInstance } from 'fastify';
import { AdministrationError } from '@parley/configuration/administration-error';
import { USER_COLUMNS } from '@parley/configuration/user-table-columns';
import type { Answer } from '../http/answer.js';
import type { Operation } from '../http/operation.js';
import { resource } from '../http/resource.js';
import type { ConfigurationContext } from './context.js';
import type { ConfigurationCall } from './call.js';
import { changeConfiguration } from '@parley/configuration/changes/change';
import { CONFIGURATION_API } from './collection-routes.js';
import {
  addUsers,
  type ReadRow,
  userOfJson,
  userOfRow,
} from '@parley/configuration/changes/import-users';
import { readUserTable } from '@parley/configuration/changes/user-table';

/** Largest body: some 40,000 users, bytes. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Users that are written in one transaction, and answered together. */
const BATCH = 100;

/** Registers the import of users. */
export function registerUserImport(app: FastifyInstance, server: ConfigurationContext): void {
  resource(app, server, CONFIGURATION_API, '/configuration/user-import', { POST: importUsers });
}

const importUsers: Operation<ConfigurationCall> = {
  summary: 'Creates many users, and reports the result of each row.',
  description: `The body is either a table of comma-separated values whose first line names the columns (${USER_COLUMNS.join(', ')}; several roles or skills: \`a;b\`), or one user per line as JSON, with the fields of the users collection. A body that begins with \`{\` is read as JSON, whatever \`Content-Type\` says.

Users are created in batches of ${BATCH}. The response arrives as they are created, one JSON document per line: \`{"line", "loginName", "id"}\` for a created user, \`{"line", "loginName", "error"}\` for a refused row, and finally \`{"made", "refused"}\`. A body in neither form is refused as a whole. An import that cannot continue says why in its last line (\`error\`); a response without a last line was cut off. Users that were reported as created stay: if you send the whole body again, their rows are refused because the names are taken.`,
  answers: { 200: null },
  lines: {
    maxBodyBytes: MAX_BODY_BYTES,
    body: {
      'text/csv': {
        description: 'A table; its first line names the columns.',
        example:
          'loginName,fullName,skills\nann,Ann Example,Sales;Support\nben,Ben Example,Sales\n',
      },
      'application/x-ndjson': {
        description: 'One user per line.',
        example: '{"loginName":"cat","skillIds":[11,12]}\n{"loginName":"dan","skillIds":[11]}\n',
      },
    },
    answer: {
      type: 'object',
      properties: {
        line: { type: 'integer', minimum: 1, description: 'The line of the body.' },
        loginName: { type: 'string' },
        id: { type: 'integer', description: 'The id of the new user.' },
        error: { type: 'string', description: 'Why the row, or the rest, was refused.' },
        made: { type: 'integer', description: 'In the last line: how many users were created.' },
        refused: { type: 'integer', description: 'In the last line: how many rows were refused.' },
      },
    },
  },
  errors: ['invalidField', 'forbidden'],
  handle: startImport,
};

/** A row of the body. */
interface Row {
  readonly line: number;
  readonly loginName?: string;
  readonly read: ReadRow;
}

async function startImport(call: ConfigurationCall): Promise<Answer> {
  requireAdministrator(call);
  const text = typeof call.request.body === 'string' ? call.request.body : '';
  // All of it is read before anything is made: what is no list of users changes nothing.
  const rows = text.trimStart().startsWith('{') ? jsonRows(text) : await tableRows(text);
  if (rows.length === 0) {
    throw new WireError(
      'invalidField',
      `There is no user in the body: send a table with the columns ${USER_COLUMNS.join(', ')}, or one user as JSON per line.`,
    );
  }
  return { ...answerEmpty(call, 200, { 'x-accel-buffering': 'no' }), lines: importing(call, rows) };
}

async function* importing(call: ConfigurationCall, rows: readonly Row[]): AsyncGenerator<string> {
  const counts = { made: 0, refused: 0 };
  try {
    for (let from = 0; from < rows.length; from += BATCH) {
      yield await write(call, rows.slice(from, from + BATCH), counts);
    }
    yield lineOf(counts);
  } catch (error) {
    yield lineOf({ ...counts, error: whyOf(call, error) });
  }
}

/** Makes the users of a batch; answers the lines that report them. */
async function write(
  call: ConfigurationCall,
  batch: readonly Row[],
  counts: { made: number; refused: number },
): Promise<string> {
  requireStillAdministrator(call);
  const { result } = await changeConfiguration(changeContextOf(call), {}, (draft) =>
    addUsers(
      draft,
      batch.map(({ read }) => read),
    ),
  );
  await call.server.accounts.applied(call.account.id);
  const lines = batch.map(({ line, loginName }, index) => {
    const outcome = result[index];
    if (outcome === undefined) throw new Error(`row ${index} of a batch has no outcome`);
    if ('id' in outcome) counts.made += 1;
    else counts.refused += 1;
    return lineOf({
      line,
      ...(loginName === undefined ? {} : { loginName }),
      ...('id' in outcome ? { id: outcome.id } : { error: outcome.refused }),
    });
  });
  return lines.join('');
}

/** Rights may be taken while an import goes on. @throws WireError 403 */
function requireStillAdministrator(call: ConfigurationCall): void {
  const user = call.account.setup.users.get(call.user.id);
  if (user?.enabled && user.roles.includes('administrator')) return;
  throw new WireError(
    'forbidden',
    `${call.user.loginName} may not change the configuration any more.`,
  );
}

/** Why an import does not go on. */
function whyOf(call: ConfigurationCall, error: unknown): string {
  if (error instanceof WireError) return error.message;
  const { log } = call.server;
  log.error({ err: error, account: call.account.id }, 'an import of users broke off');
  return error instanceof StoreFailure
    ? 'It could not be stored, so it did not happen; send it again.'
    : 'Something went wrong in the server; it was logged.';
}

/** @throws WireError 400 when it is no table. */
async function tableRows(text: string): Promise<Row[]> {
  const rows: Row[] = [];
  try {
    for await (const { line, ...row } of readUserTable(Readable.from(piecesOf(text)), 'The body')) {
      if ('row' in row) {
        rows.push({ line, loginName: row.row.loginName, read: userOfRow(row.row) });
      } else rows.push({ line, read: refusing(row.refused) });
    }
  } catch (error) {
    if (error instanceof AdministrationError) throw new WireError('invalidField', error.message);
    throw error;
  }
  return rows;
}

/** Characters that are read without a pause. */
const PIECE = 64 * 1024;

function* piecesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; from += PIECE) yield text.slice(from, from + PIECE);
}

function jsonRows(text: string): Row[] {
  return text.split('\n').flatMap((each, index) => {
    return each.trim() === '' ? [] : [{ line: index + 1, ...jsonRow(each) }];
  });
}

function jsonRow(text: string): Omit<Row, 'line'> {
  const parsed = parseJson(text);
  if (!parsed.ok) return { read: refusing(parsed.message) };
  const { value } = parsed;
  const name: unknown = isObject(value) ? value['loginName'] : undefined;
  return { read: userOfJson(value), ...(typeof name === 'string' ? { loginName: name } : {}) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A row that was refused before it was read. */
function refusing(why: string): ReadRow {
  return () => {
    throw new WireError('invalidField', why);
  };
}

function lineOf(value: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(value)}\n`;
}
