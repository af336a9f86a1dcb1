/** The workspace in pages of others, and pages of others in the workspace: what the server says of both. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fixture } from './chat-fixture.js';
import { ConfigurationFixture } from './configuration-fixture.js';
import { DEMO_ACCOUNT, steadyHeaders } from './harness.js';

const CRM = 'https://crm.example.com';
const SETTINGS = '/configuration/settings';
const PAGES = '/configuration/workspace-pages';

let folder: string;
let configuration: ConfigurationFixture;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-embedding-'));
  mkdirSync(join(folder, 'workspace/dist'), { recursive: true });
  writeFileSync(
    join(folder, 'workspace/dist/index.html'),
    '<!doctype html><html><head></head></html>',
  );
  configuration = new ConfigurationFixture(await Fixture.start({ pages: folder }));
  await configuration.require('PUT', SETTINGS, {
    agentOrigins: [CRM, 'https://*.desk.example'],
    workspacePages: [
      { title: 'Orders', url: 'https://shop.example.com/orders?a=1&b="2"' },
      { title: 'Board', url: 'http://localhost:3003/', roles: ['manager'], skillIds: [11] },
    ],
  });
});

afterAll(async () => {
  await configuration.stop();
  rmSync(folder, { recursive: true, force: true });
});

const origin = () => new URL(configuration.fixture.base).origin;
const get = async (path: string) => {
  const response = await fetch(`${origin()}/workspace/${path}`);
  const headers = Object.fromEntries(response.headers);
  return { status: response.status, headers: steadyHeaders(headers), text: await response.text() };
};
const embed = (query: Readonly<Record<string, string>>, ...origins: readonly string[]) => {
  const search = new URLSearchParams({ embed: '1', ...query });
  for (const each of origins) search.append('origin', each);
  return get(`?${search}`);
};
const ancestorsOf = ({ headers }: Awaited<ReturnType<typeof get>>) =>
  /frame-ancestors ([^;]*)/.exec(String(headers['content-security-policy']))?.[1];

describe('the workspace in pages of others', () => {
  it('[EMBED1] may stand in the named pages that the account lists, and in no others', async () => {
    const named = [CRM, 'https://a.b.desk.example', 'https://evil.example'];
    const page = await embed({ account: DEMO_ACCOUNT }, ...named);
    expect(page.status).toBe(200);
    expect(ancestorsOf(page)).toBe(`${CRM} https://a.b.desk.example`);
    expect(page.headers['x-frame-options']).toBeUndefined();
    expect(page.headers['cache-control']).toBe('no-store');
    const alone = await get('');
    expect(ancestorsOf(alone)).toBe("'none'");
    expect(alone.headers['x-frame-options']).toBe('DENY');
  });

  it('[EMBED2] an account that lists none of them, and one that does not exist, are answered alike', async () => {
    const alone = await get('');
    for (const account of [DEMO_ACCOUNT, '87654321', 'no account!', '']) {
      for (const named of ['https://evil.example', '*', "'self'", `${CRM}; script-src *`, '']) {
        expect(await embed({ account }, named), `${account} ${named}`).toEqual(alone);
      }
    }
    expect(await embed({}, CRM)).toEqual(alone);
    expect(await get(`?account=${DEMO_ACCOUNT}&origin=${CRM}`)).toEqual(alone);
  });
});

interface Page {
  readonly title: string;
  readonly url: string;
  readonly frame: string;
}

describe('pages of others in the workspace', () => {
  const pages = async (as: string) =>
    (await configuration.call('GET', PAGES, undefined, { as })).body as readonly Page[];

  it('[EMBED3] are read by those who see them, by role', async () => {
    expect(await pages('agent1')).toEqual([
      {
        title: 'Orders',
        url: 'https://shop.example.com/orders?a=1&b=%222%22',
        skillIds: [],
        frame: expect.stringMatching(/^frame\/12345678\/[\w-]{43}$/),
      },
    ]);
    expect((await pages('manager1')).map(({ title }) => title)).toEqual(['Orders', 'Board']);
  });

  it('[EMBED4] stand in a frame that loads their origin alone, in a sandbox', async () => {
    const [orders] = await pages('agent1');
    const frame = await get(orders?.frame ?? '');
    expect(frame.status).toBe(200);
    const policy = String(frame.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('frame-src https://shop.example.com;');
    expect(policy).toContain(`frame-ancestors 'self' ${CRM} https://*.desk.example`);
    expect(policy).not.toContain('script-src');
    const inside = /<iframe [^>]*>/.exec(frame.text)?.[0] ?? '';
    expect(inside).toContain('src="https://shop.example.com/orders?a=1&amp;b=%222%22"');
    expect(/sandbox="([^"]*)"/.exec(inside)?.[1]?.split(' ')).not.toContain('allow-top-navigation');
    const { headers } = await get('');
    expect(headers['content-security-policy']).toContain("frame-src 'self';");
  });

  it('[EMBED5] a frame is found by its whole address alone, and no longer once its page is removed', async () => {
    const [orders] = await pages('agent1');
    const address = orders?.frame ?? '';
    const key = address.slice(address.lastIndexOf('/') + 1);
    const none = await get(`frame/${DEMO_ACCOUNT}/${'A'.repeat(43)}`);
    expect(none.status).toBe(404);
    for (const account of ['87654321', 'no account!']) {
      expect((await get(`frame/${account}/${key}`)).status).toBe(404);
    }
    await configuration.require('PUT', SETTINGS, { workspacePages: [] });
    expect((await get(address)).status).toBe(404);
  });
});

describe('the setting workspacePages', () => {
  it.each([
    [{ title: 'A', url: 'http://crm.example.com/' }, 'workspacePages[0].url'],
    [{ title: 'A', url: 'http://[::1]:3000/' }, 'workspacePages[0].url'],
    [{ title: 'A', url: 'javascript:alert(1)' }, 'workspacePages[0].url must be an address'],
    [{ title: 'A', url: 'https://user:secret@crm.example.com/' }, 'workspacePages[0].url'],
    [{ title: 'A' }, 'workspacePages[0].url'],
    [{ title: ' ', url: CRM }, 'workspacePages[0].title must not be empty'],
    [{ title: 'A', url: CRM, skillIds: [77] }, 'workspacePages[0].skillIds: there is no skill 77'],
    [{ title: 'A', url: CRM, roles: ['king'] }, 'workspacePages[0].roles[0] must be one of'],
  ])('[EMBED6] refuses %j, saying why', async (page, words) => {
    const body = { workspacePages: [page] };
    expect(await configuration.refused('PUT', SETTINGS, body)).toEqual([
      400,
      expect.stringContaining(words),
    ]);
  });

  it('[EMBED6] keeps the skill of a page when the skill is deleted, so that it is not shown everywhere', async () => {
    const skill = await configuration.require('POST', '/configuration/le-users/skills', {
      name: 'VIP',
    });
    const page = { title: 'VIP', url: `${CRM}/vip`, skillIds: [skill.id], roles: [] };
    await configuration.require('PUT', SETTINGS, { workspacePages: [page] });
    await configuration.require('DELETE', `/configuration/le-users/skills/${skill.id}`);
    const saved = await configuration.require('PUT', SETTINGS, { workspacePages: [page] });
    expect(saved['workspacePages']).toEqual([page]);
  });
});
