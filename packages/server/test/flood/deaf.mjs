// Opens connections from several addresses of this machine, asks for more than fits into what the
// system keeps for them, and reads nothing. Whoever is cut comes back. Told by IPC what to do.
import { connect } from 'node:net';

const PER_STEP = 25;
const STEP_MS = 40;

process.on('disconnect', () => process.exit(0));
process.once('message', ({ port, sockets, addresses, request }) => {
  const counts = { open: 0, cut: 0, refused: 0 };
  const begin = (index) => {
    const localAddress = addresses[index % addresses.length];
    const socket = connect({ host: '127.0.0.1', port, localAddress });
    // Nothing is ever read: not even what came before the connection was told to wait.
    socket.pause();
    socket.on('connect', () => {
      counts.open += 1;
      socket.write(request);
    });
    socket.on('error', ({ code }) => {
      if (code === 'ECONNREFUSED') counts.refused += 1;
    });
    socket.on('close', () => {
      counts.cut += 1;
      setTimeout(() => begin(index), 1_000);
    });
  };
  let begun = 0;
  const steps = setInterval(() => {
    for (let count = 0; count < PER_STEP && begun < sockets; count += 1) begin(begun++);
    if (begun >= sockets) clearInterval(steps);
  }, STEP_MS);
  setInterval(() => process.send?.(counts), 200);
});
