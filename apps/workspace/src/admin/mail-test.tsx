/** Sends a test mail by the mail server as it is saved, and says what became of it. */
import type { MailTestDocument } from '@parley/client/administration';
import { useState } from 'react';
import { Button } from '../parts/button.js';
import { ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import { useAdministration, useAdminTexts } from './context.js';
import forms from './form.module.css';

type State =
  | { readonly is: 'idle' | 'busy' }
  | { readonly is: 'done'; readonly result: MailTestDocument }
  | { readonly is: 'failed'; readonly message: string };

export function MailTest() {
  const administration = useAdministration();
  const [state, setState] = useState<State>({ is: 'idle' });
  const test = async () => {
    setState({ is: 'busy' });
    try {
      setState({ is: 'done', result: await administration.testMail() });
    } catch (error) {
      setState({ is: 'failed', message: messageOf(error) });
    }
  };
  return <MailTestView state={state} onTest={() => void test()} />;
}

/** @param state how the test goes, or went */
export function MailTestView({
  state,
  onTest,
}: {
  readonly state: State;
  readonly onTest: () => void;
}) {
  const say = useAdminTexts();
  return (
    <>
      <div className={forms['groupFoot']}>
        <Button onClick={onTest} disabled={state.is === 'busy'}>
          {say(state.is === 'busy' ? 'mail.test.busy' : 'mail.test')}
        </Button>
      </div>
      {state.is === 'failed' && <ErrorText>{state.message}</ErrorText>}
      {state.is === 'done' &&
        (state.result.outcome === 'accepted' ? (
          <p role="status" className={forms['hint']}>
            {say('mail.test.accepted', { to: state.result.to })}
          </p>
        ) : (
          <ErrorText>
            {say(`mail.test.${state.result.outcome}`, {
              to: state.result.to,
              reason: state.result.reason ?? '',
            })}
          </ErrorText>
        ))}
    </>
  );
}
