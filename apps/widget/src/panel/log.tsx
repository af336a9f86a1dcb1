/** What was said, in order; below it what waits to be sent. */
import type { Line } from '@parley/client/visitor';
import { type ComponentChildren, Fragment } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Card, quickRepliesOf } from './card.js';
import { type HtmlNode, parseHtml, safeLink } from './html.js';
import type { Session } from './session.js';
import type { Texts } from './texts.js';

/** Lines of one speaker within this belong together, ms. */
const GROUP_MS = 3 * 60_000;
/** As near to the end as this counts as being there, px. */
const NEAR = 80;

interface LogProps {
  readonly session: Session;
  readonly texts: Texts;
  readonly children?: ComponentChildren;
}

export function Log({ session, texts, children }: LogProps) {
  const { lines, chat } = session;
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [seenTo, setSeenTo] = useState(-1);
  const last = lines.at(-1)?.id ?? -1;
  const sentAfter = useRef<Record<string, number>>({}).current;
  // A line that the stream has brought before its answer came stands above already.
  const pending = (chat?.pending ?? []).filter(({ key, event }) => {
    sentAfter[key] ??= last;
    return !lines.some(({ id, text }) => id > (sentAfter[key] ?? 0) && text === event.text);
  });
  const isTyping = chat?.info.agentTyping === 'typing' && session.view.name === 'chat';
  // A reply that is being made; the line takes its place.
  const growing = isTyping && chat.info.agentPreview;
  const toEnd = () => {
    box.current?.scrollTo(0, box.current.scrollHeight);
    setSeenTo(last);
  };
  useLayoutEffect(() => {
    if (isAtEnd.current) toEnd();
  }, [last, pending.length, session.queue === null, isTyping, growing]);
  const fresh = isAtEnd.current ? 0 : lines.filter(({ id }) => id > seenTo).length;
  const name = session.agentName ?? texts.agent;
  const replies = session.view.name === 'chat' ? quickRepliesOf(lines.at(-1)) : [];
  return (
    <div class="log-frame">
      <div
        ref={box}
        class="log"
        role="log"
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR;
          if (isAtEnd.current && seenTo !== last) setSeenTo(last);
        }}
      >
        {lines.map((line, index) => (
          <Entry
            key={line.id}
            line={line}
            before={lines[index - 1]}
            after={lines[index + 1]}
            session={session}
            texts={texts}
            state={stateOf(line, session, texts, pending.length > 0)}
          />
        ))}
        {pending.map(({ key, event }) =>
          typeof event.text === 'string' ? (
            <div key={key} class="bubble mine waiting" dir="auto">
              {event.text}
              <span class="state">{texts.sending}</span>
            </div>
          ) : null,
        )}
        {children}
        {growing && (
          <div class="bubble waiting" dir="auto">
            {growing}
          </div>
        )}
        <div class="typing-place">
          {isTyping ? (
            <span class="dots" role="img" aria-label={texts.typing(name)}>
              <i />
              <i />
              <i />
            </span>
          ) : null}
        </div>
        {replies.length === 0 ? null : (
          <div class="replies">
            {replies.map((reply) => (
              <button key={reply.text} type="button" onClick={() => session.say(reply.text)}>
                {reply.title}
              </button>
            ))}
          </div>
        )}
      </div>
      {fresh === 0 ? null : (
        <button
          type="button"
          class="pill"
          onClick={() => {
            isAtEnd.current = true;
            toEnd();
          }}
        >
          {texts.newLines(fresh)}
        </button>
      )}
    </div>
  );
}

interface EntryProps {
  readonly line: Line;
  readonly before: Line | undefined;
  readonly after: Line | undefined;
  readonly session: Session;
  readonly texts: Texts;
  /** What has become of it; null where that is not said. */
  readonly state: string | null;
}

function Entry({ line, before, after, session, texts, state }: EntryProps) {
  const { source, text, time } = line;
  if (source === 'system') {
    return (
      <p class="system" dir="auto">
        {text}
      </p>
    );
  }
  const isMine = source === 'visitor';
  const by = isMine ? texts.you : (line.by ?? session.agentName ?? texts.agent);
  return (
    <>
      {belongs(before, line) || isMine ? null : <p class="by">{by}</p>}
      <div class={isMine ? 'bubble mine' : 'bubble'} dir="auto">
        <span class="hidden-text">{by}: </span>
        <Content line={line} say={(reply) => session.say(reply)} texts={texts} />
      </div>
      {belongs(line, after) ? null : (
        <p class={isMine ? 'time mine' : 'time'}>
          <time dateTime={time}>{timeOf(time, session.shell.config.lang)}</time>
          {state === null ? null : ` · ${state}`}
        </p>
      )}
    </>
  );
}

function Content({
  line,
  say,
  texts,
}: {
  readonly line: Line;
  readonly say: (text: string) => void;
  readonly texts: Texts;
}) {
  if (line.textType === 'rich-content' && line.json !== undefined) {
    return <Card content={line.json} say={say} />;
  }
  if (line.textType === 'html') return <>{parseHtml(line.text).map(nodeOf(texts))}</>;
  return <>{withLinks(line.text, texts)}</>;
}

/** "Sent" or "Seen", of the last line alone, while no later one waits to be sent. */
function stateOf(line: Line, session: Session, texts: Texts, isQuiet: boolean): string | null {
  if (isQuiet || line.source !== 'visitor' || line !== session.lines.at(-1)) return null;
  const { agentRead = -1 } = (session.chat?.info ?? {}) as { readonly agentRead?: number };
  return agentRead >= line.id ? texts.seen : texts.sent;
}

function nodeOf(texts: Texts) {
  const toNode = (node: HtmlNode, index: number): ComponentChildren => {
    if (typeof node === 'string') return node;
    const { tag: Tag, href, children } = node;
    const inner = children.map(toNode);
    if (Tag === 'a') {
      return href === null ? (
        <Fragment key={index}>{inner}</Fragment>
      ) : (
        <Link key={index} href={href} texts={texts}>
          {inner}
        </Link>
      );
    }
    const Element = Tag as 'p';
    return Tag === 'br' ? <br key={index} /> : <Element key={index}>{inner}</Element>;
  };
  return toNode;
}

const ADDRESS = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

function withLinks(text: string, texts: Texts): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const { 0: address, index } of text.matchAll(ADDRESS)) {
    const href = safeLink(address);
    if (href === null) continue;
    parts.push(
      text.slice(from, index),
      <Link key={index} href={href} texts={texts}>
        {address}
      </Link>,
    );
    from = index + address.length;
  }
  return [...parts, text.slice(from)];
}

function Link({
  href,
  texts,
  children,
}: {
  readonly href: string;
  readonly texts: Texts;
  readonly children: ComponentChildren;
}) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
      <span class="hidden-text"> ({texts.link})</span>
    </a>
  );
}

function belongs(one: Line | undefined, other: Line | undefined): boolean {
  return (
    one !== undefined &&
    other !== undefined &&
    one.source === other.source &&
    one.by === other.by &&
    Date.parse(other.time) - Date.parse(one.time) < GROUP_MS
  );
}

function timeOf(time: string, lang: string): string {
  const at = new Date(time);
  try {
    return new Intl.DateTimeFormat(lang, { hour: 'numeric', minute: '2-digit' }).format(at);
  } catch {
    return at.toTimeString().slice(0, 5);
  }
}
