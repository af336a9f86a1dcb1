/** The window in which somebody logs in for a workspace within a page of others. */
import { type FormEvent, useRef, useState } from 'react';
import type { LoginAnswer, TypedLogin } from '../embed/login-messages.js';
import { Button } from '../parts/button.js';
import { ErrorText, Field } from '../parts/small.js';
import { useTexts } from '../texts/index.js';
import styles from './login.module.css';

export function LoginWindow() {
  const say = useTexts();
  const query = new URLSearchParams(location.search);
  const user = query.get('user');
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<LoginAnswer | null>(null);
  const form = useRef<HTMLFormElement>(null);

  const send = () => {
    const opener = window.opener as Window | null;
    if (form.current === null) return;
    if (opener === null || opener.closed) {
      setAnswer({ is: 'refused', message: say('login.window.lost') });
      return;
    }
    const given = new FormData(form.current);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => {
      const received = data as LoginAnswer;
      port1.close();
      setBusy(false);
      setAnswer(received);
      if (received.is === 'done') window.close();
    };
    setBusy(true);
    setAnswer(null);
    const typed: TypedLogin = {
      parley: 'login',
      username: user ?? String(given.get('username')).trim(),
      password: String(given.get('password')),
    };
    opener.postMessage(typed, location.origin, [port2]);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <img src="./icon.svg" alt="" width={40} height={40} />
        <h1>{say('login.title')}</h1>
        {answer?.is === 'done' ? (
          <p role="status">{say('login.window.done')}</p>
        ) : (
          <form ref={form} className={styles['form']} onSubmit={submit} noValidate>
            {answer?.is === 'refused' && <ErrorText>{answer.message}</ErrorText>}
            <p>
              {say('login.account')}: <strong>{query.get('account')}</strong>
            </p>
            <Field
              label={say('login.username')}
              name="username"
              defaultValue={user ?? ''}
              readOnly={user !== null}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus={user === null}
            />
            <Field
              label={say('login.password')}
              name="password"
              type="password"
              autoComplete="current-password"
              autoFocus={user !== null}
            />
            <Button kind="primary" large type="submit" disabled={busy}>
              {busy ? say('login.busy') : say('login.submit')}
            </Button>
          </form>
        )}
      </div>
    </main>
  );
}
