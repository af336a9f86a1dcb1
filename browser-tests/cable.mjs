// The cable between browsers and a server: it can be cut, and it keeps all that came through to the browser.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * @param {{ http: string }} server
 * @returns what stands for the server, at an address of its own
 */
export async function layCable(server) {
  const port = Number(new URL(server.http).port);
  /** @type {Set<import('node:net').Socket>} */
  const open = new Set();
  /** @type {Buffer[]} */
  const came = [];
  let isCut = false;
  const listener = createServer((browser) => {
    if (isCut) return browser.destroy();
    const upstream = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [browser, upstream],
      [upstream, browser],
    ]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
    upstream.on('data', (bytes) => came.push(bytes));
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    http: `http://localhost:${listener.address().port}`,
    /** All that servers sent, as text. */
    traffic: () => Buffer.concat(came).toString('utf8'),
    cut() {
      isCut = true;
      for (const socket of open) socket.destroy();
    },
    mend() {
      isCut = false;
    },
    close() {
      this.cut();
      listener.close();
    },
  };
}
