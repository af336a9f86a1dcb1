/** One chat: its header, its transcript, and what can be done in it. */
import { ArrowLeft, ArrowRightLeft, PanelRight, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { Button, IconButton } from '../parts/button.js';
import { Avatar } from '../parts/small.js';
import type { ChatEntry } from '../state/model.js';
import { useTexts } from '../texts/index.js';
import { Composer } from './composer.js';
import styles from './conversation.module.css';
import { clockTime, useChat, useDesk, useNow } from './desk-context.js';
import { Details } from './details.js';
import { OverBar } from './over-bar.js';
import { onCommand } from './commands.js';
import { Transcript } from './transcript.js';
import { TransferDialog } from './transfer.js';

/** From this width on the details stand beside the chat. */
const WIDE = '(min-width: 1280px)';

export function Conversation({ id }: { readonly id: string }) {
  const say = useTexts();
  const chat = useChat(id);
  const [transfers, setTransfers] = useState(false);
  const [details, setDetails] = useState(() => matchMedia(WIDE).matches);
  // When the session is over its chats may be back with the next login: what is written stays.
  const writes = chat?.over === null || chat?.over === 'session';
  const open = chat?.over === null;
  useEffect(() => onCommand('transfer', () => setTransfers(open)), [open]);
  if (chat === undefined) {
    return (
      <div className={styles['missing']}>
        <p>{say('chat.missing')}</p>
        <Link href="/">{say('chat.back')}</Link>
      </div>
    );
  }
  const name = chat.info.visitorName || say('ring.visitor');
  return (
    <div className={styles['columns']} data-details={details}>
      <section className={styles['chat']} aria-label={say('chat.header', { name })}>
        <Header
          chat={chat}
          name={name}
          details={details}
          onDetails={() => setDetails(!details)}
          onTransfer={() => setTransfers(true)}
        />
        <Transcript id={id} name={name} />
        {writes ? <Composer key={chat.mode} id={id} name={name} /> : <OverBar chat={chat} />}
      </section>
      {details && <Details id={id} onClose={() => setDetails(false)} />}
      {transfers && open && (
        <TransferDialog chat={chat} name={name} onClose={() => setTransfers(false)} />
      )}
    </div>
  );
}

interface HeaderProps {
  readonly chat: ChatEntry;
  readonly name: string;
  readonly details: boolean;
  readonly onDetails: () => void;
  readonly onTransfer: () => void;
}

function Header({ chat, name, details, onDetails, onTransfer }: HeaderProps) {
  const say = useTexts();
  const { skillName, startTime } = chat.info;
  return (
    <header className={styles['header']}>
      <Link href="/" className={styles['back']} aria-label={say('chat.back')}>
        <ArrowLeft size={20} strokeWidth={1.75} aria-hidden />
      </Link>
      <Avatar name={name} kind="visitor" />
      <div className={styles['who']}>
        <h2 dir="auto">{name}</h2>
        <p>
          {skillName !== undefined && <span dir="auto">{skillName} · </span>}
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
          <Button className={styles['transfer']} onClick={onTransfer}>
            <ArrowRightLeft size={16} strokeWidth={1.75} aria-hidden />
            <span>{say('chat.transfer')}</span>
          </Button>
          <EndButton id={chat.id} />
        </>
      )}
      <IconButton label={say('chat.details')} onClick={onDetails} aria-pressed={details}>
        <PanelRight size={20} strokeWidth={1.75} aria-hidden />
      </IconButton>
    </header>
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
  const desk = useDesk();
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
      onClick={() => (asks ? void desk.end(id) : setAsks(true))}
      onBlur={() => setAsks(false)}
    >
      <X size={16} strokeWidth={1.75} aria-hidden />
      <span>{say(asks ? 'chat.end.sure' : 'chat.end')}</span>
    </Button>
  );
}
