/**
 * Pages that the workspace works with: the one that embeds it, and those that it shows beside a chat. A page
 * says hello to the window with a port; it is heard only if it is the very window that stands there, and from
 * an origin that may. Everything else goes through the port.
 */
import { readHello, VERSION, type Notification } from '@parley/workspace-sdk/messages';
import type { WorkspaceController } from '../state/controller.js';
import { PageSession } from './page-session.js';
import type { PagePlace } from './place.js';

/** Sessions of one place at a time; the oldest makes room. A page that is loaded again leaves its own. */
const MAX_SESSIONS = 20;

/** Hears the page at a place. @returns what ends all of it */
export function listenToPages(controller: WorkspaceController, place: PagePlace): () => void {
  const sessions = new Set<PageSession>();
  const heard = ({ data, source, origin, ports }: MessageEvent) => {
    if (source === null || source !== place.source() || !place.origins.includes(origin)) return;
    const hello = readHello(data);
    const [port] = ports;
    if (hello === null || port === undefined) return;
    if (hello.version !== VERSION) {
      const message = `This workspace speaks version ${VERSION} of the protocol, and the page version ${hello.version}: update @parley/workspace-sdk.`;
      port.postMessage({ type: 'refused', id: null, message } satisfies Notification);
      return;
    }
    const [oldest] = sessions;
    if (oldest !== undefined && sessions.size >= MAX_SESSIONS) oldest.end();
    const session = new PageSession(controller, place, port, () => sessions.delete(session));
    sessions.add(session);
  };
  place.window.addEventListener('message', heard);
  return () => {
    place.window.removeEventListener('message', heard);
    for (const session of sessions) session.end();
  };
}
