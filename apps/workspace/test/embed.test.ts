import { VERSION } from '@parley/workspace-sdk/messages';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { besideChat, OnScreen } from '../src/embed/beside.js';
import { embeddedIn } from '../src/embed/embedded.js';
import { readTypedLogin } from '../src/embed/login-messages.js';
import { listenToPages } from '../src/embed/pages.js';
import type { PagePlace } from '../src/embed/place.js';
import type { WorkspaceController } from '../src/state/controller.js';
import { type ChatEntry, createWorkspace } from '../src/state/model.js';

const CRM = 'https://crm.example';
const HELLO = { parley: 'workspace', type: 'hello', version: VERSION };

/** A workspace, and a window that messages come to. */
function place(more: Partial<PagePlace> = {}) {
  const store = createWorkspace();
  const listening = { store: 0, window: 0 };
  const subscribe: typeof store.subscribe = (listener) => {
    listening.store += 1;
    const off = store.subscribe(listener);
    return () => {
      listening.store -= 1;
      off();
    };
  };
  let heard: ((event: object) => void) | null = null;
  const target = {
    addEventListener(_: string, listener: (event: object) => void) {
      listening.window += 1;
      heard = listener;
    },
    removeEventListener() {
      listening.window -= 1;
      heard = null;
    },
  } as unknown as Window;
  const source = {} as Window;
  const stop = listenToPages({ store: { ...store, subscribe } } as unknown as WorkspaceController, {
    ...{ window: target, source: () => source, origins: [CRM] },
    ...{ chat: () => store.getState().shown, focused: () => null, onFocus: subscribe, ...more },
  });
  const say = (event: Readonly<Record<string, unknown>>) => {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    const received: { readonly type: string }[] = [];
    port1.onmessage = ({ data }) => received.push(data);
    heard?.({ data: HELLO, source, origin: CRM, ports: [port2], ...event });
    return { port: port1, received };
  };
  return { say, stop, listening, store };
}

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});
const values = ({ received }: { readonly received: readonly object[] }) =>
  received.flatMap((each) => ('value' in each && 'binding' in each ? [each.value] : []));
const types = ({ received }: { readonly received: readonly { readonly type: string }[] }) =>
  received.map(({ type }) => type);

describe('pages that the workspace works with', () => {
  it('[EMBED14] are heard from their own window and origin alone', async () => {
    const { say, listening, stop } = place();
    const others = [
      ...[{ origin: 'https://evil.example' }, { origin: `${CRM}.evil.example` }],
      ...[{ origin: 'null' }, { source: {} }, { source: null }, { ports: [] }, { data: 'hello' }],
    ].map(say);
    const right = say({});
    await vi.waitFor(() => expect(types(right)).toEqual(['welcome']));
    expect(others.flatMap(types)).toEqual([]);
    expect(listening).toEqual({ store: 2, window: 1 });
    stop();
    expect(listening).toEqual({ store: 0, window: 0 });
    await vi.waitFor(() => expect(types(right)).toEqual(['welcome', 'bye']));
  });

  it('[EMBED15] leave nothing behind when they say goodbye, and the oldest makes room for too many', async () => {
    const { say, listening, stop } = place();
    const first = say({});
    await vi.waitFor(() => expect(types(first)).toEqual(['welcome']));
    first.port.postMessage({ type: 'bind', id: 0, path: 'agentInfo' });
    await vi.waitFor(() => expect(types(first)).toEqual(['welcome', 'value', 'answer']));
    first.port.postMessage({ type: 'bye' });
    await vi.waitFor(() => expect(listening.store).toBe(0));
    const all = Array.from({ length: 21 }, () => say({}));
    await vi.waitFor(() => expect(types(all[0] ?? { received: [] })).toEqual(['welcome', 'bye']));
    expect(listening.store).toBe(40);
    stop();
  });

  it('[EMBED12] hear a bound value only when it is another one', async () => {
    const { say, store, stop } = place();
    const page = say({});
    page.port.postMessage({ type: 'bind', id: 0, path: 'agentInfo.availability' });
    const me = { id: 7, displayName: 'Anna Agent', agentName: 'Anna', maxChats: 3, skills: [] };
    await vi.waitFor(() => expect(types(page)).toContain('answer'));
    const is = (chat: 'Online' | 'Away') =>
      store.setState({ me: me as never, availability: { chat, reasonId: null } });
    for (const chat of ['Online', 'Online', 'Away'] as const) {
      is(chat);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    await vi.waitFor(() => expect(values(page)).toEqual([null, 'Online', 'Away']));
    for (let id = 1; id <= 50; id += 1)
      page.port.postMessage({ type: 'bind', id, path: 'chatInfo' });
    await vi.waitFor(() => expect(page.received.at(-1)).toMatchObject({ type: 'refused', id: 50 }));
    stop();
  });

  it('[EMBED17] have nothing of one visitor beside another while the server is asked', async () => {
    const { say, store, stop } = place();
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const chat = (id: string, visit: Promise<void>) =>
      ({
        ...{ id, info: { visitorId: id, visitorName: id } },
        chat: { visit: () => visit.then(() => ({ visitor: {}, session: {} })) },
      }) as unknown as ChatEntry;
    store.setState({
      chats: { vera: chat('vera', Promise.resolve()), otto: chat('otto', asked) },
      shown: 'vera',
    });
    const page = say({});
    page.port.postMessage({ type: 'bind', id: 0, path: 'visitorInfo.visitorName' });
    await vi.waitFor(() => expect(values(page)).toEqual(['vera']));
    store.setState({ shown: 'otto' });
    await vi.waitFor(() => expect(values(page)).toEqual(['vera', null]));
    answer();
    await vi.waitFor(() => expect(values(page)).toEqual(['vera', null, 'otto']));
    stop();
  });

  it('[EMBED17] learn of the chat on screen where it is of a skill of theirs', () => {
    const store = createWorkspace();
    const chat = (skillId?: number) => ({ info: { skillId } }) as unknown as ChatEntry;
    store.setState({ chats: { sales: chat(11), other: chat(12), none: chat() } });
    const sent = (skillIds: readonly number[], isShown: boolean) => {
      const onScreen = new OnScreen();
      onScreen.set(isShown);
      const page = { title: 'Orders', url: CRM, frame: 'frame/1/a', skillIds: [...skillIds] };
      const { chat: of, focused } = besideChat(
        { store } as unknown as WorkspaceController,
        page,
        { window: {} as Window, source: () => null },
        onScreen,
      );
      return ['sales', 'other', 'none', null].map((shown) => {
        store.setState({ shown });
        return [of(), focused()];
      });
    };
    const [sales, other, none, nobody] = [
      ...[
        ['sales', 'sales'],
        ['other', 'other'],
        ['none', 'none'],
      ],
      [null, null],
    ];
    expect(sent([], true)).toEqual([sales, other, none, nobody]);
    expect(sent([11], true)).toEqual([sales, nobody, nobody, nobody]);
    expect(sent([11], false)).toEqual([['sales', null], nobody, nobody, nobody]);
  });

  it('[EMBED9] of another version are told which one the workspace has', async () => {
    const { say, stop } = place();
    const page = say({ data: { ...HELLO, version: 2 } });
    await vi.waitFor(() =>
      expect(page.received).toEqual([
        {
          type: 'refused',
          id: null,
          message: expect.stringContaining(
            `version ${VERSION} of the protocol, and the page version 2`,
          ),
        },
      ]),
    );
    stop();
  });
});

describe('the workspace within a page', () => {
  it('[EMBED7] knows it by its address and its frame', () => {
    const self = {} as Window & typeof globalThis;
    const at = (search: string, parent: object = {}) =>
      embeddedIn({ location: { search }, parent, self } as unknown as Window);
    expect(at('?embed=1&account=7&origin=https://a.example&origin=https://b.example')).toEqual({
      account: '7',
      origins: ['https://a.example', 'https://b.example'],
    });
    expect(at('?account=7')).toBeNull();
    expect(at('?embed=1&account=7', self)).toBeNull();
  });

  it('[EMBED7] takes a login of the right form alone', () => {
    const typed = { parley: 'login', username: 'anna', password: 'p' };
    expect(readTypedLogin({ ...typed, account: '8' })).toEqual(typed);
    for (const other of [null, 'login', {}, { ...typed, password: 7 }]) {
      expect(readTypedLogin(other)).toBeNull();
    }
  });
});
