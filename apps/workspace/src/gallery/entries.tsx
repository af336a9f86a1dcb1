/** What the gallery shows: one entry for each state. */
import type { SupervisedAgent, SupervisedChat } from '@parley/client/administration';
import type { Delegation } from '@parley/client/agent';
import { Bold } from 'lucide-react';
import type { ReactNode } from 'react';
import { AgentTable } from '../board/agent-table.js';
import { QueueChart, TrendChart, TrendTable } from '../board/chart.js';
import { ChatTable } from '../board/chat-table.js';
import { EndDialog, MoveDialog } from '../board/dialogs.js';
import { type BoardAgent, queuesOf } from '../board/figures.js';
import { Button, IconButton } from '../parts/button.js';
import { Avatar, Dot, ErrorText, Field } from '../parts/small.js';
import { ProgramTable } from '../programs/programs.js';
import type { Workspace } from '../state/model.js';
import { Approvals } from '../view/approvals.js';
import { CardDraft } from '../view/card-draft.js';
import { ChatList } from '../view/chat-list.js';
import { Completion } from '../view/completion.js';
import { Composer } from '../view/composer.js';
import { Conversation } from '../view/conversation.js';
import { DetailsPane } from '../view/details-pane.js';
import { EmojiGrid } from '../view/emoji-menu.js';
import { InviteDialog, PeopleDialog } from '../view/invite.js';
import { LoginAgain, LoginPage } from '../view/login.js';
import { EmbeddedLogin } from '../view/embedded-login.js';
import { EndedNotice, NoticeBar, OfflineStrip } from '../view/notices.js';
import { OverBar } from '../view/over-bar.js';
import { Palette } from '../view/palette.js';
import { Rail } from '../view/rail.js';
import { Rings } from '../view/ring.js';
import { TakeOverDialog } from '../view/take-over.js';
import { TransferDialog } from '../view/transfer.js';
import { TopBar } from '../view/top-bar.js';
import { CHATS, chat, LONG_NAME, NOW, offer } from './fixtures.js';
import styles from './gallery.module.css';

export interface Entry {
  readonly name: string;
  readonly view: ReactNode;
  readonly state?: Partial<Workspace>;
  /** How much room it is given. */
  readonly size?: 'natural' | 'pane' | 'list';
  /** Stands over the whole page: shown by itself alone. */
  readonly modal?: true;
}

const AGENTS: readonly BoardAgent[] = (
  [
    ['Anna', 'Online', 3, 10],
    ['Ben', 'Occupied', 10, 10],
    [LONG_NAME, 'Away', 0, 4],
    ['Parley Bot', 'Online', 17, -1],
    ['Dora', 'Offline', 0, 10],
  ] as const
).map(([name, state, chats, maxChats], id) => ({
  record: {} as SupervisedAgent,
  id,
  name,
  state,
  reasonId: state === 'Away' ? 1 : null,
  since: NOW - (id + 1) * 253_000,
  chats,
  maxChats,
  skills: [{ id: 11, name: 'Sales' }],
}));

const LIVE = (
  [
    ['waiting', 'Vera Lind', 95_000],
    ['waiting', undefined, 50_000],
    ['ringing', LONG_NAME, 8_000],
    ['chatting', 'Walter', 640_000],
  ] as const
).map(
  ([phase, visitorName, ago], id): SupervisedChat => ({
    link: [],
    id: String(id),
    phase,
    skillId: 11,
    skillName: 'Sales',
    ...(phase === 'waiting' ? {} : { agentId: 1, agentName: 'Anna' }),
    ...(visitorName === undefined ? {} : { visitorName }),
    requestedAt: NOW - ago,
    since: NOW - ago,
  }),
);

const SAMPLES = Array.from({ length: 60 }, (_, step) => ({
  at: NOW - (60 - step) * 30_000,
  waiting: Math.round(3 + 3 * Math.sin(step / 6)),
  chatting: Math.round(8 + 4 * Math.cos(step / 9)),
}));

const PROGRAMS: readonly Delegation[] = [
  {
    ...{ id: '1', name: 'Desktop assistant', since: new Date(NOW).toISOString() },
    ...{ rights: ['read', 'speak', 'suggest'], approval: ['speak'] },
    until: new Date(NOW + 3_600_000).toISOString(),
  },
  {
    ...{ id: '2', name: LONG_NAME, since: new Date(NOW).toISOString() },
    ...{ rights: ['read'], approval: [] },
  },
];

const CHOICES = [
  { key: '1', label: 'Greeting', text: 'Hello {visitorName}, this is Anna. How can I help?' },
  { key: '2', label: LONG_NAME, text: 'A second one' },
];

const PAGES = [
  { title: 'Orders', url: 'https://orders.example/', skillIds: [], roles: [], frame: 'frame/1/a' },
  { title: LONG_NAME, url: 'https://crm.example/', skillIds: [], roles: [], frame: 'frame/1/b' },
] as unknown as Workspace['library']['pages'];

const nothing = () => {};
const conversation = (id: string) => <Conversation id={id} details={false} onDetails={nothing} />;
const TALK = CHATS['talk'] ?? chat('talk', '', []);
const COMMANDS = [
  { key: 'transfer', label: 'Transfer the chat', shortcut: 'T', act: nothing },
  { key: 'long', label: `Open the chat with ${LONG_NAME}`, act: nothing },
];
const offline = {
  state: 'offline',
  since: NOW - 30_000,
} as unknown as Workspace['connection'];
const ended = (why: string) => ({ state: 'ended', why }) as unknown as Workspace['connection'];

export const ENTRIES: readonly Entry[] = [
  {
    name: 'buttons',
    view: (
      <div className={styles['row']}>
        <Button>Normal</Button>
        <Button kind="primary">Primary</Button>
        <Button kind="primary" large>
          Large
        </Button>
        <Button kind="danger">Danger</Button>
        <Button kind="plain">Plain</Button>
        <Button disabled>Disabled</Button>
        <IconButton label="Bold">
          <Bold size={16} aria-hidden />
        </IconButton>
      </div>
    ),
  },
  {
    name: 'fields, marks and errors',
    view: (
      <div className={styles['row']}>
        <Field label="A field" defaultValue="With a value" />
        <Field label="A disabled field" disabled />
        <Avatar name="Vera Lind" kind="visitor" />
        <Avatar name="Anna" kind="agent" />
        {['Online', 'Occupied', 'Away', 'Offline', 'offline'].map((state) => (
          <Dot key={state} state={state} />
        ))}
        <ErrorText>What failed, and what to do about it.</ErrorText>
      </div>
    ),
  },
  { name: 'login', view: <LoginPage />, state: { phase: { is: 'signed-out', refused: null } } },
  {
    name: 'login, within a page of others',
    view: <EmbeddedLogin again={false} />,
    state: { phase: { is: 'signed-out', refused: null } },
  },
  { name: 'top bar', view: <TopBar /> },
  {
    name: 'top bar, away for a reason, sound blocked, offline',
    view: <TopBar />,
    state: {
      availability: { chat: 'Away', reasonId: 1 },
      soundBlocked: true,
      connection: offline,
    },
  },
  { name: 'rail', view: <Rail />, state: { isAdmin: true, supervises: true } },
  { name: 'strip, offline', view: <OfflineStrip />, state: { connection: offline } },
  {
    name: 'notices',
    view: <NoticeBar />,
    state: { missed: LONG_NAME, notice: { text: 'end-failed', detail: 'The server said why.' } },
  },
  {
    name: 'list, by need',
    view: <ChatList />,
    size: 'list',
    state: { ringing: [offer()] },
  },
  { name: 'list, empty', view: <ChatList />, size: 'list', state: { chats: {} } },
  {
    name: 'list, empty and away',
    view: <ChatList />,
    size: 'list',
    state: { chats: {}, availability: { chat: 'Away', reasonId: null } },
  },
  {
    name: 'rings, with more beneath',
    view: <Rings place="list" />,
    state: { ringing: [offer({ visitorName: LONG_NAME }), offer({ id: '2' })] },
  },
  {
    name: 'ring of an invitation',
    view: <Rings place="list" />,
    state: {
      ringing: [offer({ role: 'listener', text: 'Is this one covered by the guarantee?' })],
    },
  },
  {
    name: 'conversation',
    view: conversation('talk'),
    size: 'pane',
  },
  {
    name: 'conversation, watched',
    view: conversation('watched'),
    size: 'pane',
  },
  {
    name: 'conversation, missing',
    view: conversation('none'),
    size: 'pane',
  },
  {
    name: 'details',
    view: <DetailsPane id="talk" isOpen onClose={nothing} />,
    size: 'pane',
  },
  {
    name: 'details, with pages of others',
    view: <DetailsPane id="talk" isOpen onClose={nothing} />,
    size: 'pane',
    state: { library: { canned: [], reasons: [], pages: PAGES } },
  },
  {
    name: 'session taken over',
    view: <EndedNotice />,
    size: 'pane',
    state: { connection: ended('taken-over') },
  },
  {
    name: 'session ended',
    view: <EndedNotice />,
    size: 'pane',
    state: { connection: ended('failed') },
  },
  { name: 'composer', view: <Composer id="draft" name="Ömer" /> },
  { name: 'composer, private note', view: <Composer id="note" name="Ömer" /> },
  {
    name: 'canned texts',
    size: 'pane',
    view: (
      <div className={styles['below']}>
        <Completion
          id="choices"
          title="Canned texts"
          choices={CHOICES}
          active={0}
          empty=""
          preview
          onActive={nothing}
          onChoose={nothing}
        />
      </div>
    ),
  },
  {
    name: 'card that a page put here',
    view: (
      <CardDraft
        chat={{
          ...(CHATS['draft'] ?? chat('draft', '', [])),
          card: { json: {}, text: `Order 17 of ${LONG_NAME}: a blue vase, on its way` },
        }}
      />
    ),
  },
  {
    name: 'conversation, visitor and agent type',
    view: conversation('typing'),
    size: 'pane',
  },
  { name: 'program asks', view: <Approvals /> },
  { name: 'emoji', view: <EmojiGrid first="cat" onChoose={nothing} /> },
  { name: 'survey after a chat', view: <OverBar chat={CHATS['surveyed'] ?? chat('', '', [])} /> },
  { name: 'chat that is over', view: <OverBar chat={CHATS['over'] ?? chat('over', '', [])} /> },
  {
    name: 'board, queues',
    view: <QueueChart queues={queuesOf(LIVE, AGENTS, NOW)} />,
  },
  { name: 'board, chats', view: <ChatTable chats={LIVE} now={NOW} onChanged={nothing} /> },
  { name: 'board, no chats', view: <ChatTable chats={[]} now={NOW} onChanged={nothing} /> },
  { name: 'board, agents', view: <AgentTable agents={AGENTS} now={NOW} onChanged={nothing} /> },
  { name: 'board, trend', view: <TrendChart samples={SAMPLES} /> },
  { name: 'board, trend that begins', view: <TrendChart samples={SAMPLES.slice(-1)} /> },
  { name: 'board, trend as a table', view: <TrendTable samples={SAMPLES} /> },
  {
    name: 'programs',
    view: <ProgramTable agent={null} programs={PROGRAMS} onEnded={nothing} />,
  },
  { name: 'programs, none', view: <ProgramTable agent={null} programs={[]} onEnded={nothing} /> },
  {
    name: 'transfer',
    view: <TransferDialog chat={TALK} name="Vera Lind" onClose={nothing} />,
    modal: true,
  },
  {
    name: 'invite',
    view: <InviteDialog chat={TALK} name={LONG_NAME} onClose={nothing} />,
    modal: true,
  },
  {
    name: 'people',
    view: <PeopleDialog chat={TALK} name="Vera Lind" onClose={nothing} />,
    modal: true,
  },
  {
    name: 'palette',
    view: <Palette commands={COMMANDS} onClose={nothing} />,
    modal: true,
  },
  { name: 'login again', view: <LoginAgain />, modal: true },
  {
    name: 'take over',
    view: <TakeOverDialog name="Ben" onClose={nothing} onSure={() => Promise.resolve()} />,
    modal: true,
  },
  {
    name: 'board, move a chat',
    view: <MoveDialog chat={LIVE[0] as SupervisedChat} name="Vera Lind" onClose={nothing} />,
    modal: true,
  },
  {
    name: 'board, end a chat',
    view: <EndDialog chat={LIVE[0] as SupervisedChat} name={LONG_NAME} onClose={nothing} />,
    modal: true,
  },
];
