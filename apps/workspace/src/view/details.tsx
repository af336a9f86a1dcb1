/** What is known of the visitor. */
import { type ReactNode, useCallback } from 'react';
import { useIntl } from 'react-intl';
import { Button } from '../parts/button.js';
import { type Say, useTexts } from '../texts/index.js';
import { type Loaded, useChat, useLoaded } from './workspace-context.js';
import styles from './details.module.css';
import { EarlierChats, Pages } from './earlier.js';

export function Details({ id }: { readonly id: string }) {
  const say = useTexts();
  const intl = useIntl();
  const entry = useChat(id);
  const chat = entry?.chat;
  const [visit, again] = useLoaded(
    useCallback(async (signal: AbortSignal) => (await chat?.visit(signal)) ?? null, [chat]),
  );
  const [answers, answersAgain] = useLoaded(
    useCallback(async (signal: AbortSignal) => (await chat?.preChat(signal)) ?? [], [chat]),
  );
  const [variables, variablesAgain] = useLoaded(
    useCallback(async (signal: AbortSignal) => (await chat?.customVariables(signal)) ?? [], [chat]),
  );
  const [pages, pagesAgain] = useLoaded(
    useCallback(async (signal: AbortSignal) => (await chat?.pages(signal)) ?? [], [chat]),
  );
  const [earlier, earlierAgain] = useLoaded(
    useCallback(async (signal: AbortSignal) => (await chat?.earlierChats(signal)) ?? [], [chat]),
  );
  if (entry === undefined) return null;
  const { info } = entry;
  const facts = (pairs: readonly (readonly [string, string | undefined])[]) =>
    pairs.filter((pair): pair is readonly [string, string] => (pair[1] ?? '') !== '');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section className={styles['body']} aria-label={say('details.visitor')} tabIndex={0}>
      <Section title={say('details.visitor')}>
        <Facts
          facts={facts([
            [say('details.name'), info.visitorName],
            [say('details.id'), String(info.visitorId)],
            [say('details.language'), info.language],
          ])}
        />
      </Section>
      <Section title={say('details.chat')}>
        <Facts
          facts={facts([
            [say('details.skill'), info.skillName],
            [
              say('details.started'),
              intl.formatDate(info.startTime, { dateStyle: 'medium', timeStyle: 'short' }),
            ],
            [say('details.chat-id'), info.chatSessionKey],
          ])}
        />
      </Section>
      <Section title={say('details.prechat')}>
        <Known loaded={answers} retry={answersAgain}>
          {(value) => (
            <Facts facts={value.map((each) => [each.question, each.answers.join(', ')])} />
          )}
        </Known>
      </Section>
      <Section title={say('details.variables')}>
        <Known loaded={variables} retry={variablesAgain}>
          {(value) => <Facts facts={value.map((each) => [each.displayName, each.value])} />}
        </Known>
      </Section>
      <Section title={say('details.pages')}>
        <Known loaded={pages} retry={pagesAgain}>
          {(value) => <Pages pages={value} />}
        </Known>
      </Section>
      <Section title={say('details.earlier')}>
        <Known loaded={earlier} retry={earlierAgain}>
          {(value) => <EarlierChats chats={value} />}
        </Known>
      </Section>
      <Section title={say('details.visit')}>
        <Known loaded={visit} retry={again}>
          {(value) => (
            <Facts
              facts={visitFacts(
                { ...value?.session, ...value?.visitor, ...value?.time },
                say,
                (time) => intl.formatDate(time, { dateStyle: 'medium', timeStyle: 'short' }),
              )}
            />
          )}
        </Known>
      </Section>
    </section>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles['section']}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Known<T>({
  loaded,
  retry,
  children,
}: {
  readonly loaded: Loaded<T>;
  readonly retry: () => void;
  readonly children: (value: T) => ReactNode;
}) {
  const say = useTexts();
  if (loaded.status === 'loading') return <div className={styles['skeleton']} />;
  if (loaded.status === 'ready') return children(loaded.value);
  return (
    <div className={styles['failed']}>
      <p>{say('details.failed')}</p>
      <Button onClick={retry}>{say('details.retry')}</Button>
    </div>
  );
}

function Facts({ facts }: { readonly facts: readonly (readonly [string, string])[] }) {
  const say = useTexts();
  if (facts.length === 0) return <p className={styles['none']}>{say('details.none')}</p>;
  return (
    <dl className={styles['facts']}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt dir="auto">{name}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Facts of a visit that have a name in every language, in the order in which they are shown. */
const VISIT_FACTS = [
  ...(['currentPage', 'entryPage', 'chatPage', 'referrer', 'pagesViewed'] as const),
  ...(['country', 'city', 'language', 'timeZone', 'ip'] as const),
  ...(['browser', 'operatingSystem', 'device', 'numberOfVisits', 'numberOfChats'] as const),
] as const;
/** What programs know things by, and what stands elsewhere already. */
const NOT_SHOWN = new Set([
  ...['rtSessionId', 'sessionId', 'engagementId', 'campaignId', 'visitorName', 'host'],
  ...['userAgent', 'countryCode'],
]);

/** An instant as the server writes it. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.]*(?:Z|[+-]\d\d:?\d\d)$/;

/** Facts as people read them; one that is new keeps its name, spelled out. */
function visitFacts(
  facts: Readonly<Record<string, string>>,
  say: Say,
  date: (time: string) => string,
): readonly (readonly [string, string])[] {
  const known = VISIT_FACTS.flatMap((name) => {
    const value = facts[name];
    return value === undefined || value === '' ? [] : [[say(`visit.${name}`), value] as const];
  });
  const others = Object.entries(facts).filter(
    ([name, value]) =>
      value !== '' && !NOT_SHOWN.has(name) && !VISIT_FACTS.some((each) => each === name),
  );
  return [
    ...known,
    ...others.map(
      ([name, value]) => [spelledOut(name), INSTANT.test(value) ? date(value) : value] as const,
    ),
  ];
}

/** `screenSize` → `Screen size`. */
function spelledOut(name: string): string {
  const words = name.replace(/([A-Z])/g, ' $1').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
