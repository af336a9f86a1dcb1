/**
 * The login within a page of others: in a window of its own, because nobody can see whose page a frame is, and
 * password managers fill in nothing there. The login itself lives in this page's memory, without cookies.
 */
import { useEffect, useRef, useState } from 'react';
import { embedded } from '../embed/embedded.js';
import { type LoginAnswer, readTypedLogin, type TypedLogin } from '../embed/login-messages.js';
import { Button } from '../parts/button.js';
import { ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import { remember } from '../state/remembered.js';
import { useTexts } from '../texts/index.js';
import { useServices, useWorkspace } from './workspace-context.js';

const SIZE = 'popup,width=440,height=600';

export function EmbeddedLogin({ again }: { readonly again: boolean }) {
  const say = useTexts();
  const { controller, tones } = useServices();
  const before = useWorkspace((state) => state.username);
  const [blocked, setBlocked] = useState(false);
  const opened = useRef<Window | null>(null);
  const account = embedded?.account ?? '';

  useEffect(() => {
    const logIn = async (typed: TypedLogin): Promise<LoginAnswer> => {
      // Who logs in again is who was here: their chats stand on screen.
      const username = again ? before : typed.username;
      try {
        await controller.logIn({ account, username, password: typed.password });
        remember({ account, username });
        return { is: 'done' };
      } catch (error) {
        return { is: 'refused', message: messageOf(error) };
      }
    };
    const heard = ({ data, origin, source, ports }: MessageEvent) => {
      if (origin !== location.origin || source === null || source !== opened.current) return;
      const typed = readTypedLogin(data);
      const [port] = ports;
      if (typed !== null && port !== undefined) {
        void logIn(typed).then((answer) => port.postMessage(answer));
      }
    };
    window.addEventListener('message', heard);
    return () => window.removeEventListener('message', heard);
  }, [controller, again, before, account]);

  const open = () => {
    // Sounds may play from this click on.
    tones.unlock();
    const address = new URL('./', document.baseURI);
    const lang = new URLSearchParams(location.search).get('lang');
    address.search = new URLSearchParams({
      embed: 'login',
      account,
      ...(again ? { user: before } : {}),
      ...(lang === null ? {} : { lang }),
    }).toString();
    opened.current = window.open(address, '_blank', SIZE);
    setBlocked(opened.current === null);
  };
  return (
    <>
      {blocked && <ErrorText>{say('login.window.blocked')}</ErrorText>}
      <p>{say('login.window.why', { account })}</p>
      <Button kind="primary" large onClick={open}>
        {say('login.window')}
      </Button>
    </>
  );
}
