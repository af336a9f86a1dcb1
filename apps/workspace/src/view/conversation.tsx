/** One chat: its header, its transcript, and what can be done in it. */
import {
  ArrowLeft,
  ArrowRightLeft,
  EllipsisVertical,
  Eye,
  LogOut,
  PanelRight,
  UserPlus,
  X,
} from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Button, IconButton, Tip } from '../parts/button.js';
import { Menu, MenuItem } from '../parts/menu.js';
import { Avatar } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import type { ChatEntry, Mode } from '../state/model.js';
import { givenName } from '../state/visitor-name.js';
import { useTexts } from '../texts/index.js';
import { CardDraft } from './card-draft.js';
import { Composer } from './composer.js';
import styles from './conversation.module.css';
import { clockTime, useChat, useController, useNow, useWorkspace } from './workspace-context.js';
import { OverBar } from './over-bar.js';
import { onCommand } from './commands.js';
import { InviteDialog, PeopleDialog } from './invite.js';
import { SuggestionCard } from './suggestion-card.js';
import { TakeOverDialog } from './take-over.js';
import { Transcript } from './transcript.js';
import { TransferDialog } from './transfer.js';

/**
 * @param details whether the chat's details are on screen
 * @param onDetails shows them, or puts them away
 */
export function Conversation({
  id,
  details,
  onDetails,
}: {
  readonly id: string;
  readonly details: boolean;
  readonly onDetails: () => void;
}) {
  const say = useTexts();
  const chat = useChat(id);
  const [dialog, setDialog] = useState<'transfer' | 'invite' | 'people' | null>(null);
  // When the session is over its chats may be back with the next login: what is written stays.
  const writes = chat?.over === null || chat?.over === 'session';
  const open = chat?.over === null;
  const role = chat?.role ?? 'agent';
  const leads = open && role === 'agent';
  const invites = open && (role === 'agent' || role === 'supervisor');
  useEffect(() => {
    const transfer = onCommand('transfer', () => leads && setDialog('transfer'));
    const invite = onCommand('invite', () => invites && setDialog('invite'));
    return () => {
      transfer();
      invite();
    };
  }, [leads, invites]);
  const close = () => setDialog(null);
  if (chat === undefined) {
    return (
      <div className={styles['missing']}>
        <p>{say('chat.missing')}</p>
        <Link href="/">{say('chat.back')}</Link>
      </div>
    );
  }
  const name = givenName(chat.info.visitorName) || say('ring.visitor');
  return (
    <>
      <section className={styles['chat']} aria-label={say('chat.header', { name })}>
        <Header
          chat={chat}
          name={name}
          details={details}
          onDetails={onDetails}
          onDialog={setDialog}
        />
        {open && role !== 'agent' && <BesideBar chat={chat} />}
        <Transcript id={id} name={name} />
        {open && role === 'agent' && <SuggestionCard id={id} />}
        {open && <CardDraft chat={chat} />}
        {writes ? (
          <Composer key={chat.mode} id={id} name={name} modes={MODES[role]} />
        ) : (
          <OverBar chat={chat} />
        )}
      </section>
      {dialog === 'transfer' && leads && <TransferDialog chat={chat} name={name} onClose={close} />}
      {dialog === 'invite' && invites && <InviteDialog chat={chat} name={name} onClose={close} />}
      {dialog === 'people' && open && <PeopleDialog chat={chat} name={name} onClose={close} />}
    </>
  );
}

/** Who reads what is written, by what the writer is in the chat. */
const MODES: Readonly<Record<ChatEntry['role'], readonly Mode[]>> = {
  agent: ['reply', 'note'],
  assistant: ['reply', 'note'],
  listener: ['note'],
  supervisor: ['note'],
};

/** Says what somebody is who does not have the chat, and what the visitor sees of that. */
function BesideBar({ chat }: { readonly chat: ChatEntry }) {
  const say = useTexts();
  const controller = useController();
  const [, go] = useLocation();
  const [asks, setAsks] = useState(false);
  const agent = chat.people.find(({ role }) => role === 'agent');
  if (chat.role === 'agent') return null;
  const leave = () =>
    void controller.people.leave(chat.id).then(
      () => go('/'),
      (failure: unknown) => controller.notify({ text: 'leave-failed', detail: messageOf(failure) }),
    );
  return (
    <div className={styles['beside']} data-role={chat.role}>
      <Eye size={16} strokeWidth={1.75} aria-hidden />
      <p role="status">
        {say(`beside.${chat.role}`)}{' '}
        {agent !== undefined && <span dir="auto">{say('beside.agent', { name: agent.name })}</span>}
      </p>
      {chat.role === 'supervisor' && (
        <Button onClick={() => setAsks(true)}>{say('beside.takeOver')}</Button>
      )}
      <Button onClick={leave}>
        <LogOut size={16} strokeWidth={1.75} aria-hidden />
        {say(chat.role === 'supervisor' ? 'beside.stop' : 'beside.leave')}
      </Button>
      {asks && (
        <TakeOverDialog
          name={agent?.name ?? null}
          onClose={() => setAsks(false)}
          onSure={() => controller.people.takeOver(chat.id)}
        />
      )}
    </div>
  );
}

interface HeaderProps {
  readonly chat: ChatEntry;
  readonly name: string;
  readonly details: boolean;
  readonly onDetails: () => void;
  readonly onDialog: (dialog: 'transfer' | 'invite' | 'people') => void;
}

function Header({ chat, name, details, onDetails, onDialog }: HeaderProps) {
  const say = useTexts();
  const { skillName, startTime } = chat.info;
  return (
    <header className={styles['header']} data-region>
      <Link href="/" className={styles['back']} aria-label={say('chat.back')}>
        <ArrowLeft size={20} strokeWidth={1.75} aria-hidden />
      </Link>
      <Avatar name={name} kind="visitor" />
      <div className={styles['who']}>
        <h2 dir="auto">{name}</h2>
        <p>
          {skillName !== undefined && (
            <>
              <span dir="auto">{skillName}</span>
              {' · '}
            </>
          )}
          <span className="quiet">{say('chat.time')} </span>
          {chat.over === null ? (
            <Timer since={Date.parse(startTime)} />
          ) : (
            say(`list.over.${chat.over}`)
          )}
        </p>
      </div>
      {chat.over === null && (
        <>
          <People chat={chat} onOpen={() => onDialog('people')} />
          {chat.role === 'agent' && (
            <Button
              className={styles['transfer']}
              aria-label={say('chat.transfer')}
              onClick={() => onDialog('transfer')}
            >
              <ArrowRightLeft size={16} strokeWidth={1.75} aria-hidden />
              <span>{say('chat.transfer')}</span>
            </Button>
          )}
          {(chat.role === 'agent' || chat.role === 'supervisor') && (
            <Button
              className={styles['transfer']}
              aria-label={say('chat.invite')}
              onClick={() => onDialog('invite')}
            >
              <UserPlus size={16} strokeWidth={1.75} aria-hidden />
              <span>{say('chat.invite')}</span>
            </Button>
          )}
          {chat.role === 'agent' && <EndButton id={chat.id} />}
        </>
      )}
      <IconButton
        className={styles['transfer']}
        label={say('chat.details')}
        onClick={onDetails}
        aria-pressed={details}
      >
        <PanelRight size={20} strokeWidth={1.75} aria-hidden />
      </IconButton>
      <More chat={chat} onDetails={onDetails} onDialog={onDialog} />
    </header>
  );
}

/** What has no room of its own in the header of a phone. */
function More({ chat, onDetails, onDialog }: Pick<HeaderProps, 'chat' | 'onDetails' | 'onDialog'>) {
  const say = useTexts();
  const invites = chat.role === 'agent' || chat.role === 'supervisor';
  return (
    <span className={styles['more']}>
      <Menu
        button={
          <IconButton label={say('chat.more')}>
            <EllipsisVertical size={20} strokeWidth={1.75} aria-hidden />
          </IconButton>
        }
      >
        {chat.over === null && chat.role === 'agent' && (
          <MenuItem onClick={() => onDialog('transfer')}>{say('chat.transfer')}</MenuItem>
        )}
        {chat.over === null && invites && (
          <MenuItem onClick={() => onDialog('invite')}>{say('chat.invite')}</MenuItem>
        )}
        <MenuItem onClick={onDetails}>{say('chat.details')}</MenuItem>
      </Menu>
    </span>
  );
}

/** Most faces that are shown; the others are a number. */
const MAX_FACES = 3;

/** Who of the account is in the chat beside oneself; nothing while nobody is. */
function People({ chat, onOpen }: { readonly chat: ChatEntry; readonly onOpen: () => void }) {
  const say = useTexts();
  const me = useWorkspace((state) => state.me?.id);
  const others = chat.people.filter(({ agentId }) => agentId !== me);
  if (others.length === 0) return null;
  const named = others.map(({ name, role }) => `${name} (${say(`role.${role}`)})`).join(', ');
  return (
    <Tip label={named}>
      <button type="button" className={styles['people']} onClick={onOpen}>
        <span className="quiet">{say('people.open', { names: named })}</span>
        {others.slice(0, MAX_FACES).map((person) => (
          <span key={person.id} data-state={person.state}>
            <Avatar name={person.name} kind="agent" />
          </span>
        ))}
        {others.length > MAX_FACES && <span>+{others.length - MAX_FACES}</span>}
      </button>
    </Tip>
  );
}

function Timer({ since }: { readonly since: number }) {
  return <time className={styles['timer']}>{clockTime(useNow() - since)}</time>;
}

/** How long the second press can follow the first, milliseconds. */
const SURE_MS = 4_000;

/** Ends the chat at the second press: nobody ends one by accident. */
function EndButton({ id }: { readonly id: string }) {
  const say = useTexts();
  const controller = useController();
  const [asks, setAsks] = useState(false);
  useEffect(() => onCommand('end', () => setAsks(true)), []);
  useEffect(() => {
    if (!asks) return;
    const timer = setTimeout(() => setAsks(false), SURE_MS);
    return () => clearTimeout(timer);
  }, [asks]);
  return (
    <Button
      kind={asks ? 'danger' : 'normal'}
      className={styles['end']}
      onClick={() => (asks ? void controller.end(id) : setAsks(true))}
      onBlur={() => setAsks(false)}
    >
      <X size={16} strokeWidth={1.75} aria-hidden />
      <span>{say(asks ? 'chat.end.sure' : 'chat.end')}</span>
    </Button>
  );
}
