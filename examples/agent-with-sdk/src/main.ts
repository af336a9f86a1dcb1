/**
 * The agent of `examples/agent-sample`, with the SDK: logs in, takes chats, answers each visitor from a
 * script and ends the chat. What the sample does by hand (links, retries, refreshes, polls) is not here.
 */
import { parseArgs } from 'node:util';
import { type AgentChat, connectAgent, ParleyError } from '@parley/client/agent';

const { PARLEY_DOMAIN, PARLEY_ACCOUNT, PARLEY_USER, PARLEY_PASSWORD } = process.env;
const { values: options } = parseArgs({
  options: {
    domain: { type: 'string', default: PARLEY_DOMAIN ?? 'https://localhost:8443' },
    account: { type: 'string', default: PARLEY_ACCOUNT ?? '12345678' },
    user: { type: 'string', default: PARLEY_USER ?? 'agent1' },
  },
});
// The password is no flag: every user of a machine can read those.
const password = PARLEY_PASSWORD ?? 'parley-demo';

const script = [
  'Hello! I am a small program, and I am glad to meet you. What can I do for you?',
  'I see. I am writing that down.',
  'Thank you. A person will read this and come back to you. Goodbye!',
];

const say = (line: string) => console.log(`${new Date().toTimeString().slice(0, 8)}  ${line}`);

async function converse(chat: AgentChat): Promise<void> {
  say(`Chatting with ${chat.visitor.name}.`);
  const answers = [...script];
  for await (const { by, text } of chat.lines({ from: 'visitor' })) {
    say(`${by}: ${text}`);
    await chat.say(answers.shift() ?? '');
    if (answers.length === 0) await chat.end();
  }
  say(`The chat with ${chat.visitor.name} is over.`);
}

async function main(): Promise<void> {
  // The first Ctrl-C takes no more chats, and lets those at hand go on to their end.
  const draining = new AbortController();
  process.once('SIGINT', () => draining.abort());
  const agent = await connectAgent({
    account: options.account,
    domainApi: options.domain,
    login: { username: options.user, password },
    onConnection: ({ state }) => say(`The connection is ${state}.`),
  });
  say('Online; waiting for chats. Ctrl-C logs out.');
  await agent.serve(converse, { signal: draining.signal });
  await agent.close();
  say('Logged out.');
}

await main().catch((error: unknown) => {
  if (!(error instanceof ParleyError)) throw error;
  console.error(`${error.message} ${error.remedy}`);
  process.exitCode = 1;
});
