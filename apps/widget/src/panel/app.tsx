/** The whole panel: the header, and below it what the visitor can do now. */
import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { Composer } from './composer.js';
import { Header } from './header.js';
import { Log } from './log.js';
import type { Session } from './session.js';
import type { Sound } from './sound.js';
import { StartForm, SurveyForm } from './survey-form.js';
import type { Texts } from './texts.js';

interface AppProps {
  readonly session: Session;
  readonly texts: Texts;
  readonly sound: Sound;
  readonly close: () => void;
}

export function App({ session, texts, sound, close }: AppProps) {
  const [, changed] = useReducer((count: number) => count + 1, 0);
  useEffect(() => session.subscribe(() => changed(undefined)), [session]);
  return (
    <>
      <Header session={session} texts={texts} sound={sound} close={close} />
      <Problem session={session} texts={texts} />
      <Content session={session} texts={texts} />
      <Announcer session={session} texts={texts} />
    </>
  );
}

function Content({ session, texts }: Pick<AppProps, 'session' | 'texts'>) {
  const { view } = session;
  switch (view.name) {
    case 'loading':
      return (
        <div class="content" aria-busy="true">
          <div class="skeleton" />
          <div class="skeleton short" />
        </div>
      );
    case 'form':
      return <StartForm session={session} texts={texts} survey={view.survey} />;
    case 'offline':
      return view.isSent ? (
        <Notice text={texts.left} />
      ) : (
        <SurveyForm
          survey={view.survey}
          intro={`${texts.away}. ${texts.leave}`}
          texts={texts}
          isBusy={session.isBusy}
          action={texts.send}
          submit={(answers) => void session.leave(answers)}
        />
      );
    case 'unavailable':
      return (
        <Notice text={texts.unavailable} action={texts.tryAgain} act={() => void session.again()} />
      );
    case 'unreachable':
      return (
        <Notice text={texts.unreachable} action={texts.tryAgain} act={() => void session.again()} />
      );
    case 'chat':
      return <Chat session={session} texts={texts} />;
    case 'ended':
      return (
        <div class="content">
          <Log session={session} texts={texts} />
          <div class="after">
            <p class="system">{view.isThanked ? texts.thanks : texts.ended}</p>
            {view.survey === null ? null : (
              <SurveyForm
                survey={view.survey}
                intro={texts.rate}
                texts={texts}
                isBusy={session.isBusy}
                action={texts.send}
                submit={(answers) => void session.rate(answers)}
                isQuiet
              />
            )}
            <button
              type="button"
              class={view.survey === null ? 'primary' : 'plain'}
              onClick={() => void session.again()}
            >
              {texts.another}
            </button>
          </div>
        </div>
      );
  }
}

function Chat({ session, texts }: Pick<AppProps, 'session' | 'texts'>) {
  const { queue, connection } = session;
  return (
    <div class="content">
      {connection?.state === 'offline' ? <p class="strip">{texts.reconnecting}</p> : null}
      <Log session={session} texts={texts}>
        {queue === null ? null : (
          <div class="queue">
            <strong>{texts.waiting}</strong>
            <span>
              {queue.position === null ? '' : `${texts.place(queue.position)} `}
              {queue.estimatedWait === null ? '' : texts.wait(queue.estimatedWait)}
            </span>
            <span>{texts.keepBrowsing}</span>
          </div>
        )}
      </Log>
      <Composer session={session} texts={texts} />
    </div>
  );
}

function Notice({ text, action, act }: { text: string; action?: string; act?: () => void }) {
  return (
    <div class="content notice">
      <p>{text}</p>
      {action === undefined ? null : (
        <button type="button" class="primary" onClick={act}>
          {action}
        </button>
      )}
    </div>
  );
}

function Problem({ session, texts }: Pick<AppProps, 'session' | 'texts'>) {
  const { problem } = session;
  if (problem === null) return null;
  return (
    <p class="problem" role="alert">
      {problem === 'network' ? texts.network : problem}
    </p>
  );
}

/** The place is announced again to a waiting visitor after so long, ms. */
const PLACE_MS = 30_000;

/** Says to screen readers what is new, apart from the log, which they can read in their own time. */
function Announcer({ session, texts }: Pick<AppProps, 'session' | 'texts'>) {
  const [said, say] = useState('');
  const announced = useRef({ line: session.lines.at(-1)?.id ?? -1, placeAt: 0, view: '' });
  const { lines, queue, view, agentName } = session;
  useEffect(() => {
    const last = lines.at(-1);
    const now = Date.now();
    if (last !== undefined && last.id > announced.current.line) {
      announced.current.line = last.id;
      if (last.source === 'agent') say(`${agentName ?? texts.agent}: ${last.text}`);
      else if (last.source === 'system') say(last.text);
    } else if (
      queue !== null &&
      queue.position !== null &&
      now - announced.current.placeAt > PLACE_MS
    ) {
      announced.current.placeAt = now;
      say(`${texts.waiting}. ${texts.place(queue.position)}`);
    } else if (view.name !== announced.current.view) {
      announced.current.view = view.name;
      if (view.name === 'ended') say(texts.ended);
      if (view.name === 'unavailable') say(texts.unavailable);
    }
  });
  return (
    <div class="hidden-text" role="status" aria-live="polite">
      {said}
    </div>
  );
}
