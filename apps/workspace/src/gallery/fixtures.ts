/** Chats, people and offers of the gallery: made up, so that every state can be shown without a server. */
import type { Agent, AgentChat, ChatEvent, Offer, Participant } from '@parley/client/agent';
import type { ChatEntry } from '../state/model.js';

export const NOW = Date.now();
const MINUTE = 60_000;

export const LONG_NAME = 'Maximiliane-Friederike von und zu Hohenlohe-Schillingsfürst-Waldenburg';
const LONG_WORD = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen';

type Said = readonly [
  by: 'V' | 'A' | 'N' | 'S',
  text: string,
  options?: { readonly html?: boolean; readonly ago?: number },
];

function events(said: readonly Said[], visitor: string): readonly ChatEvent[] {
  return said.map(([by, text, { html = false, ago } = {}], id) => ({
    id,
    type: 'line' as const,
    time: new Date(NOW - (ago ?? said.length - id) * MINUTE).toISOString(),
    textType: html ? ('html' as const) : ('plain' as const),
    text,
    by: { V: visitor, A: 'Anna', N: 'Anna', S: 'info' }[by],
    source: ({ V: 'visitor', A: 'agent', N: 'agent', S: 'system' } as const)[by],
    subType: by === 'N' ? ('ONLY_TO_REP' as const) : ('REGULAR' as const),
  }));
}

const SKILLS = [
  { id: 11, name: 'Sales', onlineAgents: 4 },
  { id: 12, name: 'Support', onlineAgents: 0 },
  { id: 13, name: `Returns and ${LONG_WORD}`, onlineAgents: 1 },
];

const colleague = (
  id: number,
  nickname: string,
  state: string,
  chats: number,
  maxChats: number,
) => ({
  id,
  nickname,
  userName: nickname,
  state,
  chats,
  maxChats,
});

/** A session in which nothing happens, with colleagues in every state and a program that asks. */
export const AGENT = {
  on: () => () => {},
  skills: () => Promise.resolve(SKILLS),
  colleagues: () =>
    Promise.resolve([
      colleague(102, 'Ben', 'Online', 2, 10),
      colleague(103, 'Cem', 'Online', 10, 10),
      colleague(104, LONG_NAME, 'Occupied', 1, -1),
      colleague(105, 'Dora', 'Away', 0, 10),
    ]),
  programs: {
    approvals: () =>
      Promise.resolve([
        {
          ...{ id: 1, program: 'Helper', right: 'speak', state: 'pending', chatSessionKey: 'talk' },
          body: { event: { text: 'We have four of them, and deliver within two working days.' } },
          until: new Date(Date.now() + 24 * 60 * MINUTE).toISOString(),
        },
      ]),
    decide: () => Promise.resolve(),
  },
} as unknown as Agent;

/** A chat to act on, where nothing happens. */
export function idle(id: string): AgentChat {
  const nothing = () => Promise.resolve(null);
  return {
    id,
    history: [],
    over: null,
    on: () => () => {},
    say: nothing,
    whisper: nothing,
    typing: nothing,
    read: nothing,
    end: nothing,
    survey: nothing,
    visit: () =>
      Promise.resolve({
        visitorId: '4711',
        isInCurrentChat: true,
        session: { currentPage: 'https://shop.example/blue-chair', pagesViewed: '7' },
        visitor: { country: 'Austria', city: 'Vienna', browser: 'Firefox 141' },
        time: {},
      }),
    preChat: () => Promise.resolve([{ question: 'What is it about?', answers: ['An order'] }]),
    customVariables: () =>
      Promise.resolve([{ name: 'club', value: 'Gold', displayName: 'Club card' }]),
    pages: () =>
      Promise.resolve([
        {
          url: 'https://shop.example/blue-chair',
          title: 'The blue chair',
          time: new Date(NOW - MINUTE).toISOString(),
          stayed: 42_000,
        },
      ]),
    earlierChats: () =>
      Promise.resolve([
        {
          id: 'earlier',
          startTime: new Date(NOW - 3 * 24 * 60 * MINUTE).toISOString(),
          endTime: new Date(NOW - 3 * 24 * 60 * MINUTE + 6 * MINUTE).toISOString(),
          transcript: () => Promise.resolve([]),
        },
      ]),
    transferTargets: () => Promise.resolve(SKILLS),
  } as unknown as AgentChat;
}

export function chat(
  id: string,
  name: string,
  said: readonly Said[],
  more: Partial<ChatEntry> = {},
): ChatEntry {
  const all = events(said, name);
  return {
    id,
    chat: idle(id),
    events: all,
    length: all.length,
    info: {
      chatSessionKey: id,
      state: 'chatting',
      visitorName: name,
      visitorId: 4711,
      skillName: 'Sales',
      startTime: new Date(NOW - 12 * MINUTE).toISOString(),
    } as unknown as ChatEntry['info'],
    pending: [],
    underway: [],
    failed: [],
    over: null,
    role: 'agent',
    people: [person('Anna', 'agent')],
    suggestions: [],
    readTo: all.length,
    typingSince: null,
    mode: 'reply',
    draft: '',
    since: NOW - 12 * MINUTE,
    ...more,
  };
}

function withInfo(entry: ChatEntry, info: Partial<ChatEntry['info']>): ChatEntry {
  return { ...entry, info: { ...entry.info, ...info } };
}

/** With a survey of which an answer opens a branch. */
function surveyed(entry: ChatEntry): ChatEntry {
  const asked = (id: number, type: string, label: string, more: object = {}) => ({
    ...{ id, logicId: id, order: id, type, label, mandatory: false, entries: [] },
    ...more,
  });
  const choice = (value: string, ...showLogicId: number[]) => ({
    ...{ value, displayValue: value, checked: false, logic: { showLogicId } },
    showLogicId,
  });
  const survey = {
    id: 1,
    title: 'How did it go?',
    header: '',
    questions: [
      asked(1, 'Radio Button', 'Was it solved?', {
        mandatory: true,
        entries: [choice('Solved'), choice('Not yet', 2)],
      }),
      asked(2, 'Text Field', 'What is left to do?'),
      asked(3, 'Checkbox', `What was it about? ${LONG_WORD}`, {
        entries: [choice('An order'), choice('A return'), choice(LONG_NAME)],
      }),
    ],
  };
  const chat = { ...entry.chat, survey: () => Promise.resolve(survey) };
  return { ...entry, chat: chat as unknown as AgentChat };
}

let people = 100;

export function person(
  name: string,
  role: Participant['role'],
  state: Participant['state'] = 'joined',
): Participant {
  people += 1;
  return {
    id: `channel-${people}`,
    agentId: people,
    name,
    role,
    state,
    invitedBy: 101,
    text: null,
    remove: () => Promise.resolve(true),
  };
}

export function offer(more: Partial<Offer> = {}): Offer {
  return {
    ringing: 1,
    id: '1',
    role: 'agent',
    skill: 'Sales',
    visitorName: 'Vera Lind',
    text: null,
    waitingSince: NOW - 34_000,
    ringsUntil: NOW + 14_000,
    accept: () => Promise.resolve(null),
    decline: () => Promise.resolve(true),
    ...more,
  } as Offer;
}

const TALK: readonly Said[] = [
  ['S', 'You are now chatting with Anna.'],
  ['V', 'Hello, is the blue one in stock?'],
  ['A', 'Hello Vera, it is: https://shop.example/blue-chair'],
  ['N', 'She has the club card, offer free delivery'],
  ['V', `What does ${LONG_WORD} mean? And 日本語 or עברית?`],
  ['A', 'Here is a <b>list</b>:<ul><li>one</li><li>two</li></ul>', { html: true }],
];

export const CHATS: Readonly<Record<string, ChatEntry>> = {
  talk: chat('talk', 'Vera Lind', TALK, {
    underway: [
      {
        key: 'p',
        event: { '@type': 'line', text: 'This waits for the connection' },
        after: TALK.length,
        id: null,
      },
    ],
    failed: [{ key: 'f', text: 'This was refused', mode: 'reply', reason: 'too long' }],
    typingSince: NOW,
    suggestions: [
      {
        id: 1,
        agentId: 103,
        name: 'Parley Bot',
        time: new Date(NOW).toISOString(),
        text: 'We have four of them, and deliver within two working days.',
        textType: 'plain',
        source: 'Catalogue, page 12',
        confidence: 0.86,
        state: 'open',
      },
    ] as unknown as ChatEntry['suggestions'],
    people: [
      person('Anna', 'agent'),
      person('Ben', 'assistant'),
      person('Cem', 'listener', 'ringing'),
    ],
  }),
  late: chat('late', LONG_NAME, [['V', 'Is somebody there?', { ago: 2 }]], { readTo: -1 }),
  soon: chat('soon', 'Walter', [['V', 'And in green?', { ago: 0.9 }]], { readTo: -1 }),
  many: chat(
    'many',
    'Zoë',
    Array.from({ length: 120 }, (_, line): Said => ['V', `Line ${line}`, { ago: 0.2 }]),
    { readTo: -1 },
  ),
  draft: chat('draft', 'Ömer', [['A', 'Which size?']], { draft: 'I would take' }),
  note: chat('note', 'Note to self', [['A', 'One moment']], { mode: 'note' }),
  watched: chat('watched', 'Watched', TALK, {
    role: 'supervisor',
    mode: 'note',
    people: [person('Ben', 'agent')],
  }),
  over: chat('over', 'Gone by', [['A', 'Goodbye']], { over: 'ended' }),
  typing: withInfo(
    chat('typing', 'Nele', [['V', 'Hello?', { ago: 0.2 }]], { typingSince: NOW, readTo: -1 }),
    {
      visitorPreview: `I would like to know whether ${LONG_WORD} <b>are</b> in stock, and when`,
      agentPreview: 'We have four of them',
    },
  ),
  surveyed: surveyed(chat('surveyed', 'Vera Lind', [['A', 'Goodbye']], { over: 'ended' })),
};
