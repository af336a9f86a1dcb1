/** docs/compatibility.md names what the server registers, and nothing that it does not. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './harness.js';

const PAGE = readFileSync(new URL('../../../docs/compatibility.md', import.meta.url), 'utf8');

const SHORT: Readonly<Record<string, string>> = {
  A: '/api/account/{account}',
  S: '/api/account/{account}/agentSession/{session}',
  C: '/api/account/{account}/agentSession/{session}/chat/{chat}',
  V: '/api/account/{account}/chat/{chat}',
};

/** What the page calls Parley's own as a whole. */
const OWN =
  /^\w+ \/api\/account\/:account\/(?:supervision|configuration\/(?:surveys|canned-content|app-keys|visitor-identity|settings|audit|user-import))\b/;

/** The operations in the first column of the page's tables, as they are registered. */
const listed = [...PAGE.matchAll(/^\| `(GET|POST|PUT|DELETE) ([ASCV]?)([^`]*)` \|/gm)].map(
  ([, method, short = '', rest = '']) =>
    `${method} ${(SHORT[short] ?? '') + rest}`.replace(/\{(\w+)\}/g, ':$1'),
);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const registered = () =>
  server.running.server.operations.map(({ method, url }) => `${method} ${url}`);

describe('the page about compatibility', () => {
  it('[REF14] names every operation, by itself or as one of Parley’s own', () => {
    expect(registered().filter((each) => !OWN.test(each) && !listed.includes(each))).toEqual([]);
    expect(listed.length).toBeGreaterThan(100);
  });

  it('[REF14] names no operation that there is not, and none twice', () => {
    const known = registered();
    expect(listed.filter((each) => !known.includes(each))).toEqual([]);
    expect(listed.filter((each, index) => listed.indexOf(each) !== index)).toEqual([]);
  });
});
