import { run } from './program.js';
import { processTerminal, surviveClosedPipes } from './terminal.js';

surviveClosedPipes();
process.exitCode = await run(process.argv.slice(2), processTerminal);
