/** A card that a page put here: above the composer, until the agent sends or removes it. */
import { useState } from 'react';
import { Button } from '../parts/button.js';
import { ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import type { ChatEntry } from '../state/model.js';
import { useTexts } from '../texts/index.js';
import { useController } from './workspace-context.js';
import styles from './suggestion-card.module.css';

export function CardDraft({ chat }: { readonly chat: ChatEntry }) {
  const say = useTexts();
  const controller = useController();
  const [refused, setRefused] = useState<string | null>(null);
  const card = chat.card ?? null;
  if (card === null) return null;
  const send = () => {
    setRefused(null);
    controller.lines.sendCard(chat.id).catch((error: unknown) => setRefused(messageOf(error)));
  };
  return (
    <section className={styles['outer']} aria-label={say('card.title')} data-region>
      <div className={styles['card']}>
        <p className={styles['head']}>{say('card.from')}</p>
        <div className={styles['text']} dir="auto" role="status">
          {card.text}
        </div>
        {refused !== null && <ErrorText>{refused}</ErrorText>}
        <div className={styles['buttons']}>
          <Button className={styles['use']} onClick={send}>
            {say('card.send')}
          </Button>
          <Button
            onClick={() => {
              setRefused(null);
              controller.lines.takeCard(chat.id, null);
            }}
          >
            {say('card.remove')}
          </Button>
        </div>
      </div>
    </section>
  );
}
