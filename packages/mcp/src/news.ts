/** Waiting until something happens at an agent's desk. */
import type { Agent, AgentChat } from '@parley/client/agent';

/** What it was; `nothing` when the time was over first. */
export type News = 'rings' | 'line' | 'chat' | 'over' | 'ended' | 'nothing';

/** Waits for news, as long as it may take, milliseconds. What rings already is news. */
export function newsOf(agent: Agent, ms: number, signal: AbortSignal): Promise<News> {
  if (agent.ringing.length > 0) return Promise.resolve('rings');
  if (agent.signal.aborted) return Promise.resolve('ended');
  return new Promise((resolve) => {
    const offs: (() => void)[] = [];
    const timer = setTimeout(() => done('nothing'), ms);
    const stop = () => done('nothing');
    const done = (news: News) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      for (const off of offs) off();
      resolve(news);
    };
    const listen = (chat: AgentChat) =>
      offs.push(
        chat.on('events', (events) => {
          if (events.some((event) => event.type === 'line' && event.source === 'visitor')) {
            done('line');
          }
        }),
      );
    signal.addEventListener('abort', stop);
    offs.push(
      agent.on('ringing', (offers) => {
        if (offers.length > 0) done('rings');
      }),
      agent.on('chat', () => done('chat')),
      agent.on('chatOver', () => done('over')),
      agent.on('ended', () => done('ended')),
    );
    for (const chat of agent.chats.values()) listen(chat);
    if (signal.aborted) stop();
  });
}
