// Opens connections from several addresses of this machine, asks for more than fits into what the
// system keeps for them, and reads nothing. Whoever is cut comes back. Driven by IPC.
import { connect } from 'node:net';
import { setPriority } from 'node:os';

const PER_STEP = 25;
const STEP_MS = 20;
const BACK_AFTER_MS = 2_000;

// Elsewhere it would have a processor of its own; here it must not take that of who measures.
setPriority(10);
process.on('disconnect', () => process.exit(0));
process.once('message', ({ port, sockets, addresses, request }) => {
  const counts = { open: 0, cut: 0 };
  const begin = (index) => {
    const localAddress = addresses[index % addresses.length];
    const socket = connect({ host: '127.0.0.1', port, localAddress });
    let isOpen = false;
    // Nothing is ever read: not even what came before the connection was asked to wait.
    socket.pause();
    socket.on('connect', () => {
      isOpen = true;
      counts.open += 1;
      socket.write(request);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      if (isOpen) counts.open -= 1;
      counts.cut += 1;
      setTimeout(() => begin(index), BACK_AFTER_MS);
    });
  };
  let begun = 0;
  const steps = setInterval(() => {
    for (let count = 0; count < PER_STEP && begun < sockets; count += 1) begin(begun++);
    if (begun >= sockets) clearInterval(steps);
  }, STEP_MS);
  setInterval(() => process.send?.(counts), 100);
});
