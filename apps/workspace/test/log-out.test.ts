/** Logging out: it is over when the server knows of it, and not before. */
import { connectAgent } from '@parley/client/agent';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  startTestServer,
  type TestServer,
} from '../../../packages/server/test/harness.js';
import { WorkspaceController } from '../src/state/controller.js';
import { createWorkspace } from '../src/state/model.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.stop());

/** A workspace in which somebody is logged in, and what becomes of the end of their session. */
async function loggedIn(end: () => Promise<void>) {
  const store = createWorkspace();
  const controller = new WorkspaceController(store, {
    domainApi: server.http,
    storage: null,
    // One tab, and no stream that reconnects while the test is over.
    async connect({ tabs: _, ...options }) {
      const agent = await connectAgent({ ...options, cookies: 'none' });
      const close = agent.close.bind(agent);
      return Object.assign(agent, {
        async close() {
          await close();
          await end();
        },
      });
    },
  });
  const login = { account: DEMO_ACCOUNT, username: 'agent1', password: DEMO_PASSWORD };
  await controller.logIn(login);
  expect(store.getState().phase).toEqual({ is: 'working' });
  return { store, controller };
}

it('[DESK18] a logout is under way until the server knows of it', async () => {
  let goOn = () => {};
  const known = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const { store, controller } = await loggedIn(() => known);
  const over = controller.logOut();
  expect(store.getState()).toMatchObject({ phase: { is: 'leaving' }, me: null, chats: {} });
  // Asked for once more, nothing else happens.
  await controller.logOut();
  expect(store.getState().phase).toEqual({ is: 'leaving' });
  goOn();
  await over;
  const phase = { is: 'signed-out', refused: null, unheard: false };
  expect(store.getState()).toMatchObject({ phase, account: DEMO_ACCOUNT, username: 'agent1' });
});

it('[DESK18] a logout of which the server does not hear is reported', async () => {
  const { store, controller } = await loggedIn(() => Promise.reject(new Error('no answer')));
  await controller.logOut();
  expect(store.getState().phase).toEqual({ is: 'signed-out', refused: null, unheard: true });
});

it('[DESK18] a logout that is refused was heard of: the login had ended before', async () => {
  const { store, controller } = await loggedIn(() =>
    Promise.reject(Object.assign(new Error('no login'), { status: 401 })),
  );
  await controller.logOut();
  expect(store.getState().phase).toEqual({ is: 'signed-out', refused: null, unheard: false });
});
