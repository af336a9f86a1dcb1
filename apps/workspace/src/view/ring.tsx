/** The card of a chat that rings: above the list, and as a sheet from above on phones. */
import { useEffect, useRef, useState } from 'react';
import { PhoneIncoming } from 'lucide-react';
import { useLocation } from 'wouter';
import type { Offer } from '@parley/client/agent';
import { Button } from '../parts/button.js';
import { givenName } from '../state/visitor-name.js';
import { useTexts } from '../texts/index.js';
import { chatPath } from './paths.js';
import { clockTime, useController, useNow, useWorkspace } from './workspace-context.js';
import styles from './ring.module.css';

/** How long a chat rings, where the server does not say it, milliseconds. */
const RING_MS = 20_000;

/** @param place in the list, or as a sheet: which of the two is seen depends on the width */
export function Rings({ place }: { readonly place: 'list' | 'sheet' }) {
  const say = useTexts();
  const ringing = useWorkspace((state) => state.ringing);
  const [first, ...more] = ringing;
  if (first === undefined) return null;
  return (
    <section className={styles['rings']} data-place={place} aria-label={say('ring.label')}>
      <RingCard offer={first} />
      {more.length > 0 && (
        <p className={styles['more']}>{say('ring.more', { count: more.length })}</p>
      )}
    </section>
  );
}

function RingCard({ offer }: { readonly offer: Offer }) {
  const say = useTexts();
  const accept = useAccept();
  const now = useNow(250);
  const [began] = useState(Date.now);
  const [busy, setBusy] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const name = givenName(offer.visitorName) || say('ring.visitor');

  useEffect(() => {
    const active = document.activeElement;
    const writing = active instanceof HTMLTextAreaElement || active instanceof HTMLInputElement;
    if (!writing && button.current?.offsetParent) button.current.focus();
  }, []);

  const until = offer.ringsUntil ?? began + RING_MS;
  const left = Math.max(0, until - now);
  const share = Math.min(1, left / Math.max(until - began, 1));
  return (
    <div className={styles['card']}>
      <div className={styles['head']}>
        <span className={styles['pulse']} aria-hidden>
          <PhoneIncoming size={20} strokeWidth={1.75} />
        </span>
        <div className={styles['who']}>
          <strong dir="auto">{name}</strong>
          <span>
            {offer.skill !== null && (
              <>
                <span dir="auto">{offer.skill}</span>
                {' · '}
              </>
            )}
            {offer.waitingSince !== null &&
              say('ring.waited', { time: clockTime(now - offer.waitingSince) })}
          </span>
        </div>
        <span className={styles['left']}>
          {say('time.seconds', { seconds: Math.ceil(left / 1_000) })}
        </span>
      </div>
      {offer.role !== 'agent' && <p className={styles['text']}>{say(`ring.role.${offer.role}`)}</p>}
      {offer.text !== null && (
        <p className={styles['text']} dir="auto">
          {offer.text}
        </p>
      )}
      <div className={styles['buttons']}>
        <Button
          ref={button}
          kind="primary"
          large
          disabled={busy}
          onClick={() => {
            setBusy(true);
            void accept().finally(() => setBusy(false));
          }}
        >
          {say('ring.accept')}
          <kbd className={styles['key']}>F2</kbd>
        </Button>
        {offer.role !== 'agent' && (
          <Button large disabled={busy} onClick={() => void offer.decline()}>
            {say('ring.decline')}
          </Button>
        )}
      </div>
      <meter
        className={styles['meter']}
        min={0}
        max={1}
        value={share}
        aria-label={say('ring.left', { seconds: Math.ceil(left / 1_000) })}
      />
    </div>
  );
}

/** Accepts what rings longest, and opens it. */
export function useAccept(): () => Promise<void> {
  const controller = useController();
  const [, go] = useLocation();
  return async () => {
    const id = await controller.accept();
    if (id !== null) go(chatPath(id));
  };
}
