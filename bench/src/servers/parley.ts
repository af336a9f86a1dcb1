import { startServer } from '@parley/server';
const running = await startServer({ dataDir: process.argv[2] ?? '', httpPort: 0, httpsPort: null, logLevel: 'warn' });
process.stdout.write(`${JSON.stringify({ port: running.httpPort })}\n`);
process.once('SIGTERM', () => void running.close().then(() => process.exit(0)));
