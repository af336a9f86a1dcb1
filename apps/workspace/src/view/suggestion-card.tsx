/** What is suggested to say next: above the composer, until it is used, changed or dismissed. */
import { Sparkles } from 'lucide-react';
import { useIntl } from 'react-intl';
import type { Suggestion } from '@parley/client/agent';
import { htmlLine, plainLine } from '../lines/html.js';
import { Button } from '../parts/button.js';
import { plainText } from '../state/chats.js';
import { useTexts } from '../texts/index.js';
import { insertText } from './commands.js';
import { useChat, useController, useNow } from './workspace-context.js';
import styles from './suggestion-card.module.css';

export function SuggestionCard({ id }: { readonly id: string }) {
  const say = useTexts();
  const now = useNow();
  const open = (useChat(id)?.suggestions ?? []).filter(
    ({ expiresAt }) => expiresAt === undefined || Date.parse(expiresAt) > now,
  );
  // The newest answers what was said last.
  const shown = open.at(-1);
  if (shown === undefined) return null;
  return (
    <section className={styles['outer']} aria-label={say('suggestion.title')} data-region>
      <Card key={shown.id} chat={id} suggestion={shown} more={open.length - 1} />
    </section>
  );
}

function Card({
  chat,
  suggestion,
  more,
}: {
  readonly chat: string;
  readonly suggestion: Suggestion;
  readonly more: number;
}) {
  const say = useTexts();
  const intl = useIntl();
  const controller = useController();
  const { name, source, confidence, text, textType } = suggestion;
  const sure =
    confidence === undefined
      ? null
      : say('suggestion.confidence', {
          percent: intl.formatNumber(confidence, { style: 'percent' }),
        });
  return (
    <div className={styles['card']}>
      <p className={styles['head']}>
        <Sparkles size={16} strokeWidth={1.75} aria-hidden />
        <span dir="auto">{say('suggestion.by', { name })}</span>
        {source !== undefined && (
          <span className={styles['source']} dir="auto">
            {source}
          </span>
        )}
        {sure !== null && <span>{sure}</span>}
        {more > 0 && <span>{say('suggestion.more', { count: more })}</span>}
      </p>
      <div className={styles['text']} dir="auto" role="status">
        {textType === 'html' ? htmlLine(text) : plainLine(text)}
      </div>
      <div className={styles['buttons']}>
        <Button
          className={styles['use']}
          onClick={() => {
            void controller.suggestions.use(chat, suggestion);
          }}
        >
          {say('suggestion.use')}
        </Button>
        <Button
          onClick={() => {
            controller.setMode(chat, 'reply');
            controller.suggestions.edit(chat, suggestion);
            // The field of the other mode may have to come first.
            setTimeout(() => insertText(plainText({ text, textType })), 0);
          }}
        >
          {say('suggestion.edit')}
        </Button>
        <Button onClick={() => void controller.suggestions.dismiss(chat, suggestion)}>
          {say('suggestion.dismiss')}
        </Button>
      </div>
    </div>
  );
}
