/** Logging out: it is over when the server knows of it, and not before. */
import type { Agent } from '@parley/client/agent';
import { expect, it } from 'vitest';
import { WorkspaceController } from '../src/state/controller.js';
import { createWorkspace } from '../src/state/model.js';

const ACCOUNT = '12345678';

/** A workspace in which somebody is logged in, and what becomes of the end of their session. */
async function loggedIn(end: () => Promise<void>) {
  const store = createWorkspace();
  // Whatever else is asked of the session is asked too late.
  const agent = {
    ...{ info: async () => ({}), isAdmin: false, supervises: false, leads: true, ringing: [] },
    ...{ availability: { chat: 'Online', reasonId: null }, chats: new Map(), on: () => () => {} },
    ...{ bearer: '', signal: AbortSignal.abort(), close: end },
  };
  const controller = new WorkspaceController(store, {
    domainApi: 'http://localhost:1',
    storage: null,
    connect: async () => agent as unknown as Agent,
  });
  await controller.logIn({ account: ACCOUNT, username: 'agent1', password: 'secret' });
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
  expect(store.getState()).toMatchObject({ phase, account: ACCOUNT, username: 'agent1' });
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
