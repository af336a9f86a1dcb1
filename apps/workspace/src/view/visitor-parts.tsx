/** What the server knows of a visitor, each kind under its heading; a kind that is not known has none. */
import type { AgentChat } from '@parley/client/agent';
import { type ReactNode, useCallback } from 'react';
import { useIntl } from 'react-intl';
import { safeAddress } from '../lines/html.js';
import { Button } from '../parts/button.js';
import { useTexts } from '../texts/index.js';
import styles from './details.module.css';
import { Address, EarlierChats, Pages } from './earlier.js';
import { Facts, Section } from './facts.js';
import { visitFacts } from './visit-facts.js';
import { clockTime, useLoaded } from './workspace-context.js';

/** @param language of the visitor, as it stands beside the name already; empty when it does not */
export function VisitorParts({
  chat,
  language,
}: {
  readonly chat: AgentChat;
  readonly language: string;
}) {
  const say = useTexts();
  const intl = useIntl();
  const parts = [
    usePart(
      'prechat',
      useCallback((signal: AbortSignal) => chat.preChat(signal), [chat]),
      (answers) => (
        <Facts facts={answers.map((each) => [each.question, each.answers.join(', ')])} isLong />
      ),
    ),
    usePart(
      'variables',
      useCallback((signal: AbortSignal) => chat.customVariables(signal), [chat]),
      (variables) => <Facts facts={variables.map((each) => [each.displayName, each.value])} />,
    ),
    usePart(
      'pages',
      useCallback((signal: AbortSignal) => chat.pages(signal), [chat]),
      (pages) => <Pages pages={pages} />,
    ),
    usePart(
      'visit',
      useCallback(
        async (signal: AbortSignal) => {
          const { session, visitor, time } = await chat.visit(signal);
          return visitFacts(
            { ...session, ...visitor, ...time },
            {
              say,
              date: (at) => intl.formatDate(at, { dateStyle: 'medium', timeStyle: 'short' }),
              length: (seconds) => clockTime(seconds * 1_000),
              link: safeAddress,
              language,
            },
          );
        },
        [chat, say, intl, language],
      ),
      (facts) => (
        <Facts
          facts={facts.map(({ name, value, href }) => [
            name,
            href === null ? value : <Address key={name} href={href} text={value} />,
          ])}
        />
      ),
    ),
    usePart(
      'earlier',
      useCallback((signal: AbortSignal) => chat.earlierChats(signal), [chat]),
      (chats) => <EarlierChats chats={chats} />,
    ),
  ];
  // All at once: nothing moves down under the pointer because another part came later.
  if (parts.some(({ is }) => is === 'loading')) return <Loading />;
  if (parts.every(({ is }) => is === 'empty')) {
    return <p className={styles['unshown']}>{say('details.none')}</p>;
  }
  return parts.map(({ view }) => view);
}

interface Part {
  readonly is: 'loading' | 'empty' | 'there';
  readonly view: ReactNode;
}

/**
 * One kind of knowledge, loaded.
 * @param load the same function as long as it brings the same
 * @param show what is drawn of what came, if anything did
 */
function usePart<T>(
  name: 'prechat' | 'variables' | 'pages' | 'visit' | 'earlier',
  load: (signal: AbortSignal) => Promise<readonly T[]>,
  show: (value: readonly T[]) => ReactNode,
): Part {
  const say = useTexts();
  const [loaded, again] = useLoaded(load);
  if (loaded.status === 'loading') return { is: 'loading', view: null };
  if (loaded.status === 'ready' && loaded.value.length === 0) return { is: 'empty', view: null };
  const view = (
    <Section key={name} title={say(`details.${name}`)}>
      {loaded.status === 'ready' ? (
        show(loaded.value)
      ) : (
        <div className={styles['failed']}>
          <p>{say('details.failed')}</p>
          <Button onClick={again}>{say('details.retry')}</Button>
        </div>
      )}
    </Section>
  );
  return { is: 'there', view };
}

function Loading() {
  return (
    <div className={styles['section']} aria-hidden>
      <div className={styles['skeleton']} />
      <div className={styles['skeleton']} />
    </div>
  );
}
