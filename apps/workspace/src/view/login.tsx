/** The login page, and the dialog that asks again above the page as it is. */
import { type FormEvent, useState } from 'react';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { ErrorText, Field } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import { useTexts } from '../texts/index.js';
import { embedded } from '../embed/embedded.js';
import { remember, remembered } from '../state/remembered.js';
import { useServices, useWorkspace } from './workspace-context.js';
import { EmbeddedLogin } from './embedded-login.js';
import styles from './login.module.css';

export function LoginPage() {
  const say = useTexts();
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <img src="./icon.svg" alt="" width={40} height={40} />
        <h1>{say('login.title')}</h1>
        {embedded === null ? <LoginForm again={false} /> : <EmbeddedLogin again={false} />}
      </div>
    </main>
  );
}

export function LoginAgain() {
  const say = useTexts();
  return (
    <Dialog title={say('login.again')}>
      <p>{say('login.again.why')}</p>
      {embedded === null ? <LoginForm again /> : <EmbeddedLogin again />}
    </Dialog>
  );
}

function LoginForm({ again }: { readonly again: boolean }) {
  const say = useTexts();
  const { controller, tones } = useServices();
  const connecting = useWorkspace((state) => state.phase.is === 'connecting');
  const leaving = useWorkspace((state) => state.phase.is === 'leaving');
  const unheard = useWorkspace(({ phase }) => phase.is === 'signed-out' && phase.unheard === true);
  const offline = useWorkspace((state) => state.connection.state === 'offline');
  const account = useWorkspace((state) => state.account);
  const username = useWorkspace((state) => state.username);
  const [first] = useState(remembered);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    // Sounds may play from this click on.
    tones.unlock();
    const given = new FormData(element);
    const typed = {
      account: again ? account : String(given.get('account')).trim(),
      username: again ? username : String(given.get('username')).trim(),
      password: String(given.get('password')),
    };
    const missing = (['account', 'username', 'password'] as const).find(
      (name) => typed[name] === '',
    );
    if (missing !== undefined) {
      setError(say('login.missing', { field: say(`login.${missing}`) }));
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await controller.logIn(typed);
      const { account, username } = typed;
      remember({ account, username });
    } catch (failure) {
      setError(messageOf(failure));
    } finally {
      setBusy(false);
    }
  };

  const waits = busy || connecting;
  return (
    <form className={styles['form']} onSubmit={(event) => void submit(event)} noValidate>
      {error !== null && <ErrorText>{error}</ErrorText>}
      {unheard && error === null && <ErrorText>{say('logout.unheard')}</ErrorText>}
      {!again && (
        <>
          <Field
            label={say('login.account')}
            name="account"
            defaultValue={account || first.account}
            autoComplete="organization"
            inputMode="numeric"
            autoFocus={first.account === ''}
          />
          <Field
            label={say('login.username')}
            name="username"
            defaultValue={username || first.username}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
          />
        </>
      )}
      <Field
        label={say('login.password')}
        name="password"
        type="password"
        autoComplete="current-password"
        autoFocus={again || first.account !== ''}
      />
      {waits && offline && <p role="status">{say('login.server')}</p>}
      <Button kind="primary" large type="submit" disabled={waits || leaving}>
        {leaving ? say('logout.busy') : waits ? say('login.busy') : say('login.submit')}
      </Button>
    </form>
  );
}
