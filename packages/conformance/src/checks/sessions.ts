/** Agent sessions and availability. */
import { type Answer, members, valueAt } from '../answer.js';
import { type Chapter, check } from '../check.js';
import { aList, aText, containing, oneOf } from '../expectation.js';

/** The relations of a document's links, in order. */
function relations(answer: Answer, path: string): string {
  return members(answer.at(path))
    .map((link) => String(valueAt(link, '@rel') ?? valueAt(link, 'rel')))
    .join(', ');
}

/** Expects these relations, in this order; more may stand after them. */
/** Links to what a server may push by. */
const PUSH: ReadonlySet<string> = new Set(['stream', 'websocket', 'tickets']);

export function hasRelations(answer: Answer, path: string, expected: readonly string[]): void {
  const got = relations(answer, path);
  const start = expected.join(', ');
  if (got !== start && !got.startsWith(`${start}, `)) {
    throw answer.mismatch(`relations at ${path}`, start, got || 'none');
  }
}

export const sessions: Chapter = {
  title: 'Agent sessions',
  checks: [
    check(
      'AGENT1',
      'opening is 201 with a location whose last part is decimal digits',
      async (fixture) => {
        const answer = (await fixture.user().post('/agentSession', { loginData: '' })).is(201);
        const uri = answer.link('agentSessionLocation.link', 'location');
        fixture.sessionAt(uri);
        if (!/\/agentSession\/\d+$/.test(uri)) {
          throw answer.mismatch('location', '…/agentSession/{digits}', uri);
        }
      },
    ),
    check('AGENT1', 'any body or none opens a session', async (fixture) => {
      for (const body of [undefined, '', {}, { loginData: { a: 1 } }]) {
        const answer = (await fixture.user().call('POST', '/agentSession', { body })).is(201);
        fixture.sessionAt(answer.link('agentSessionLocation.link', 'location'));
      }
    }),
    check('AGENT2', 'the session links to all that hangs off it', async (fixture) => {
      const agent = await fixture.session();
      const answer = (await agent.get()).is(200);
      hasRelations(answer, 'agentSessionId.link', [
        ...['self', 'availability', 'info', 'incoming-requests', 'available-agents'],
        ...['available-slots', 'chat-sessions', 'skills'],
      ]);
      for (const [rel, href] of answer.links('agentSessionId.link')) {
        // What goes on without an end, and what is only posted to, is not read like the others.
        if (!PUSH.has(rel)) (await agent.get(href)).is(200);
      }
    }),
    check('AGENT3', 'DELETE ends the session: its address is 404', async (fixture) => {
      const agent = await fixture.session();
      (await agent.end()).is(200, 204);
      for (const path of ['', '/info', '/incomingRequests']) {
        (await agent.get(path)).refuses(404);
      }
    }),
    check('SESS3', 'a session after the end of the last one starts empty', async (fixture) => {
      const { agent, visitor } = await fixture.acceptedChat();
      (await visitor.end()).is(201);
      (await agent.end()).is(200, 204);
      const next = await fixture.session();
      (await next.get('/chatSessions')).is(200).has('chatSessions.chatSession', []);
    }),
    check('AGENT4', 'a new session is Online, its voice Offline', async (fixture) => {
      const agent = await fixture.session();
      const answer = (await agent.get('/availability')).is(200);
      answer.has('availability', { chat: 'Online', voice: 'Offline' });
    }),
    check('AGENT5', 'Online, Occupied and Away can be set, and are answered', async (fixture) => {
      const agent = await fixture.session();
      for (const chat of ['Occupied', 'Away', 'Online']) {
        const answer = (await agent.put('/availability', { availability: { chat } })).is(200);
        answer.has('availability.chat', chat).has('availability.voice', 'Offline');
        (await agent.get('/availability')).has('availability.chat', chat);
      }
    }),
    check('AGENT6', 'turning Away sends ringing chats back at once', async (fixture) => {
      const agent = await fixture.session();
      await fixture.chat();
      await agent.rings();
      await agent.become('Away');
      (await agent.get('/incomingRequests')).has('incomingRequests.ringingCount', '0');
    }),
    check(
      'AVAIL3',
      'an Away agent is not rung; turning Online rings what waits',
      async (fixture) => {
        const agent = await fixture.session();
        await agent.become('Away');
        const visitor = await fixture.chat();
        await visitor.line('is anybody there?');
        (await agent.get('/incomingRequests')).has('incomingRequests.ringingCount', '0');
        await agent.become('Online');
        await agent.rings();
      },
    ),
    check('AVAIL1', 'an Occupied agent is not rung for new chats', async (fixture) => {
      const agent = await fixture.session();
      await agent.become('Occupied');
      await fixture.chat();
      (await agent.get('/incomingRequests')).has('incomingRequests.ringingCount', '0');
    }),
    check(
      'AGENT7',
      'agent info has names, id, maxChats, availability and skills',
      async (fixture) => {
        const agent = await fixture.session();
        const answer = (await agent.get('/info')).is(200);
        answer.has('info.agentName', aText).has('info.displayName', aText).has('info.id', /^\d+$/);
        answer.has('info.loginName', containing(fixture.credentials().username));
        answer.has('info.maxChats', /^(-1|\d+)$/).has('info.availability.chat', 'Online');
        answer.has('info.link.@rel', 'self').has('info.link.@href', `${agent.uri}/info`);
        fixture.skill();
        const [skill] = members(answer.at('info.skillsInfo.skillInfo'));
        if (!/^\d+$/.test(String(valueAt(skill, 'id')))) {
          throw answer.mismatch('info.skillsInfo', 'skillInfo with ids', answer.text);
        }
      },
    ),
    check(
      'AGENT8',
      'ringingCount, with the link acceptNextChat only while something rings',
      async (fixture) => {
        const agent = await fixture.session();
        const quiet = (await agent.get('/incomingRequests')).is(200);
        quiet.has('incomingRequests.ringingCount', '0').lacks('incomingRequests.link');
        await fixture.chat();
        const loud = await agent.rings();
        loud.has('incomingRequests.ringingCount', '1');
        loud.has('incomingRequests.link.@rel', 'acceptNextChat');
        loud.has('incomingRequests.link.@href', aText);
      },
    ),
    check(
      'AGENT9',
      'accepting is 201 with the chat’s address, whatever the body',
      async (fixture) => {
        const agent = await fixture.session();
        for (const body of [undefined, {}, { chat: 'start' }]) {
          const visitor = await fixture.chat();
          const link = (await agent.rings()).link('incomingRequests.link', 'acceptNextChat');
          const answer = (await agent.call('POST', link, { body })).is(201);
          const uri = answer.link('chatLocation.link', 'location');
          (await agent.get(uri)).is(200).has('chat.info.chatSessionKey', visitor.id);
          (await visitor.end()).is(201);
        }
      },
    ),
    check('AGENT30', 'the session’s skills link answers', async (fixture) => {
      const agent = await fixture.session();
      const skills = (await agent.get()).link('agentSessionId.link', 'skills');
      (await agent.get(skills)).is(200);
    }),
  ],
};

export const takeover: Chapter = {
  title: 'Takeover, loss of a session',
  checks: [
    check(
      'TAKE1',
      'a new session takes the chats over; nobody in the chat notices',
      async (fixture) => {
        const { visitor } = await fixture.acceptedChat();
        const before = await visitor.story();
        const next = await fixture.session();
        const chat = next.chatAt(`${next.uri}/chat/${visitor.id}`);
        (await chat.get()).is(200).has('chat.info.state', 'chatting');
        await visitor.shows(before);
        await chat.line('still here');
      },
    ),
    check('TAKE1', 'ringing chats come along', async (fixture) => {
      const first = await fixture.session();
      await fixture.chat();
      await first.rings();
      const next = await fixture.session();
      await next.rings();
      await next.accept();
    }),
    check('TAKE2', 'chatSessions lists the chats that were taken over', async (fixture) => {
      const { visitor } = await fixture.acceptedChat();
      const begun = Date.now();
      const next = await fixture.session();
      const answer = (await next.get('/chatSessions')).is(200);
      answer.has('chatSessions.chatSession', aList);
      answer.has('chatSessions.chatSession.0.chatSessionKey', visitor.id);
      answer.has('chatSessions.chatSession.0.link.rel', 'chat-session');
      const href = String(answer.at('chatSessions.chatSession.0.link.href'));
      (await next.get(href)).is(200);
      const started = Number(answer.at('chatSessions.chatSession.0.startTime'));
      if (Math.abs(begun - started) > 600_000) {
        throw answer.mismatch('startTime', 'epoch milliseconds, about now', String(started));
      }
    }),
    check('TAKE3', 'the old session’s addresses are 404', async (fixture) => {
      const { agent, chat } = await fixture.acceptedChat();
      await fixture.session();
      (await agent.get()).refuses(404);
      (await chat.get('/events')).refuses(404);
    }),
    check('TAKE5', 'the new session is Online even when the old one was Away', async (fixture) => {
      const agent = await fixture.session();
      await agent.become('Away');
      const next = await fixture.session();
      (await next.get('/availability')).has('availability.chat', 'Online');
    }),
    check(
      'SESS4',
      'when a session ends its chats go back with line 23, keeping their skill',
      async (fixture) => {
        const { name, id } = fixture.skill();
        const { agent, visitor } = await fixture.acceptedChat({ skill: name });
        const other = await fixture.session('agent2');
        const next = (await visitor.feed()).length;
        (await agent.end()).is(200, 204);
        const chat = await other.accept();
        await visitor.shows(['system 23', 'waiting', 'chatting', 'system 3'], next);
        (await chat.get('/info')).has('info.skillId', Number(id));
      },
    ),
    check(
      'SESS6',
      'when nobody is left who could take them, they end with line 6',
      async (fixture) => {
        const { agent, visitor } = await fixture.acceptedChat({ skill: fixture.skill().name });
        const next = (await visitor.feed()).length;
        (await agent.end()).is(200, 204);
        await visitor.shows(['system 6', 'ended'], next);
      },
    ),
    check('SESS7', 'chats that ring at an ending session go back silently', async (fixture) => {
      const agent = await fixture.session();
      const visitor = await fixture.chat();
      await agent.rings();
      (await agent.end()).is(200, 204);
      await visitor.shows(['waiting', 'system 4']);
      (await visitor.get('/info')).has('info.state', oneOf('waiting'));
    }),
  ],
};
