/** What calls an agent to the page: tones, the title, notifications, and what screen readers say. */
import { useEffect, useState } from 'react';
import { givenName } from '../state/visitor-name.js';
import { plainText, speaks, unreadOf } from '../state/chats.js';
import { useTexts } from '../texts/index.js';
import { useServices, useWorkspace } from './workspace-context.js';

const TAG = 'parley-ring';

export function Signals() {
  const say = useTexts();
  const { controller, tones } = useServices();
  const leads = useWorkspace((state) => state.leads);
  const ringing = useWorkspace((state) => state.ringing.length > 0);
  const caller = useWorkspace(
    (state) => givenName(state.ringing[0]?.visitorName) || say('ring.visitor'),
  );
  const unread = useWorkspace(({ chats }) =>
    Object.values(chats).reduce((sum, chat) => sum + unreadOf(chat), 0),
  );
  const [said, setSaid] = useState('');

  useEffect(() => {
    if (leads) tones.check();
  }, [leads, tones]);
  useEffect(() => {
    tones.ring(ringing && leads);
    if (!ringing) return;
    setSaid(say('ring.title', { name: caller }));
    if (!leads || typeof Notification === 'undefined') return;
    if (Notification.permission !== 'granted') return;
    if (document.visibilityState === 'visible') return;
    const notification = new Notification(say('ring.title', { name: caller }), { tag: TAG });
    notification.onclick = () => window.focus();
    return () => notification.close();
  }, [ringing, caller, leads, tones, say]);
  useEffect(() => () => tones.ring(false), [tones]);

  useEffect(() => {
    const name = say('app.name');
    document.title = ringing
      ? say('title.calls', { name: caller })
      : unread > 0
        ? say('title.unread', { count: unread })
        : name;
    return () => {
      document.title = name;
    };
  }, [ringing, caller, unread, say]);

  useEffect(
    () =>
      controller.onEvents((chat, events) => {
        const line = events.findLast((each) => each.type === 'line' && each.source === 'visitor');
        if (line?.type !== 'line') return;
        const elsewhere = document.hidden || controller.store.getState().shown !== chat.id;
        // Who only reads along is called by nothing that is said.
        const { leads: sounds } = controller.store.getState();
        if (sounds && elsewhere && speaks(chat.role)) tones.message();
        setSaid(
          say('chat.said', {
            name: givenName(line.by) || say('ring.visitor'),
            text: plainText(line),
          }),
        );
      }),
    [controller, tones, say],
  );
  return (
    <div className="quiet" aria-live="polite">
      {said}
    </div>
  );
}
