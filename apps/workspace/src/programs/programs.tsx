/** Programs in the agent's session: whom the agent lets in, with which rights, and until when. */
import type { Agent, Delegated, Delegation } from '@parley/client/agent';
import { ArrowLeft, Plus } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useIntl } from 'react-intl';
import { Button } from '../parts/button.js';
import { Actions, Dialog } from '../parts/dialog.js';
import { ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import { EndedNotice } from '../view/notices.js';
import { useController, useLoaded, useServices, useWorkspace } from '../view/workspace-context.js';
import { WithTexts } from '../view/with-texts.js';
import { ProgramForm } from './program-form.js';
import styles from './programs.module.css';
import { Secrets } from './secrets.js';
import { useProgramTexts } from './texts.js';

export function ProgramsPage() {
  const { programTexts } = useServices();
  const [texts, setTexts] = useState<Readonly<Record<string, string>> | null>(null);
  useEffect(() => {
    void programTexts().then(setTexts);
  }, [programTexts]);
  const { agent } = useController();
  // Another one with each session.
  const me = useWorkspace((state) => state.me);
  if (texts === null || agent === null) return <main className={styles['page']} />;
  return (
    <WithTexts texts={texts}>
      <Programs key={me?.loginName} agent={agent} />
    </WithTexts>
  );
}

function Programs({ agent }: { readonly agent: Agent }) {
  const say = useProgramTexts();
  const supervises = useWorkspace((state) => state.supervises);
  const [adds, setAdds] = useState(false);
  const [made, setMade] = useState<Delegated | null>(null);
  const load = useCallback((signal: AbortSignal) => agent.programs.list(signal), [agent]);
  const [loaded, reload] = useLoaded(load);
  return (
    <main
      id="programs"
      className={styles['page']}
      tabIndex={-1}
      aria-label={say('programs.title')}
      data-region
    >
      <a className={styles['back']} href="#/chats">
        <ArrowLeft size={16} strokeWidth={1.75} aria-hidden />
        {say('programs.back')}
      </a>
      <header className={styles['head']}>
        <div>
          <h1>{say('programs.title')}</h1>
          <p>{say('programs.explains')}</p>
          {supervises && <p>{say('programs.supervises')}</p>}
        </div>
        <Button kind="primary" onClick={() => setAdds(true)}>
          <Plus size={16} strokeWidth={1.75} aria-hidden />
          {say('programs.add')}
        </Button>
      </header>
      {loaded.status === 'loading' && (
        <div className={styles['skeleton']} role="status" aria-label={say('programs.loading')} />
      )}
      {loaded.status === 'error' && (
        <>
          <ErrorText>
            {say('programs.failed')} {messageOf(loaded.error)}
          </ErrorText>
          <Button className={styles['again']} onClick={reload}>
            {say('programs.again')}
          </Button>
        </>
      )}
      {loaded.status === 'ready' && (
        <ProgramTable agent={agent} programs={loaded.value} onEnded={reload} />
      )}
      {adds && (
        <ProgramForm
          agent={agent}
          onClose={() => setAdds(false)}
          onMade={(delegated) => {
            setAdds(false);
            setMade(delegated);
            reload();
          }}
        />
      )}
      <EndedNotice />
      {made !== null && <Secrets made={made} onStored={() => setMade(null)} />}
    </main>
  );
}

interface TableProps {
  /** Null where nothing can be done about them. */
  readonly agent: Agent | null;
  readonly programs: readonly Delegation[];
  readonly onEnded: () => void;
}

export function ProgramTable({ agent, programs, onEnded }: TableProps) {
  const say = useProgramTexts();
  const intl = useIntl();
  const [ending, setEnding] = useState<Delegation | null>(null);
  const named = (rights: Delegation['rights']) =>
    intl.formatList(
      rights.map((right) => say(`programs.right.${right}`)),
      { type: 'conjunction' },
    );
  if (programs.length === 0) return <p className={styles['none']}>{say('programs.none')}</p>;
  return (
    <>
      <ul className={styles['list']}>
        {programs.map((program) => {
          const { id, name, rights, approval, until } = program;
          const time = (at: string) =>
            intl.formatDate(at, { dateStyle: 'short', timeStyle: 'short' });
          return (
            <li key={id}>
              <h2 dir="auto">{name}</h2>
              <dl>
                <dt>{say('programs.may')}</dt>
                <dd>{named(rights)}</dd>
                <dt>{say('programs.asks')}</dt>
                <dd>{approval.length === 0 ? say('programs.asks.none') : named(approval)}</dd>
                <dt>{say('programs.until')}</dt>
                <dd>{until === undefined ? say('programs.until.session') : time(until)}</dd>
              </dl>
              <Button
                aria-label={say('programs.end.of', { name })}
                onClick={() => setEnding(program)}
              >
                {say('programs.end')}
              </Button>
            </li>
          );
        })}
      </ul>
      {ending !== null && agent !== null && (
        <EndDialog
          agent={agent}
          program={ending}
          onClose={(ended) => {
            setEnding(null);
            if (ended) onEnded();
          }}
        />
      )}
    </>
  );
}

function EndDialog({
  agent,
  program: { id, name },
  onClose,
}: {
  readonly agent: Agent;
  readonly program: Delegation;
  readonly onClose: (ended: boolean) => void;
}) {
  const say = useProgramTexts();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const end = () => {
    setBusy(true);
    agent.programs.end(id).then(
      () => onClose(true),
      (failure: unknown) => {
        setError(failure);
        setBusy(false);
      },
    );
  };
  return (
    <Dialog title={say('programs.end.title', { name })} onClose={() => onClose(false)}>
      <p>{say('programs.end.text')}</p>
      {error !== null && <ErrorText>{messageOf(error)}</ErrorText>}
      <Actions>
        <Button onClick={() => onClose(false)}>{say('programs.cancel')}</Button>
        <Button kind="danger" disabled={busy} onClick={end}>
          {say('programs.end')}
        </Button>
      </Actions>
    </Dialog>
  );
}
