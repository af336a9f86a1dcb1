/** A chat as its agent has it (rules AGENT…). */
import { type Chapter, check } from '../check.js';
import { aList, anInstant, aText, containing, oneOf } from '../expectation.js';
import { hasRelations } from './sessions.js';

const TYPING = { agentTyping: 'typing' };

export const chats: Chapter = {
  title: 'An agent’s chat',
  checks: [
    check('CHAT1', 'the chat is its links, its events and its info', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      const answer = (await chat.get()).is(200);
      hasRelations(answer, 'chat.link', [
        ...['self', 'events', 'info', 'next', 'collaboration-channels', 'visit-id'],
        ...['transfer', 'transfer-account', 'agent-survey'],
      ]);
      answer.has('chat.events.event', aList).has('chat.info.state', 'chatting');
      hasRelations(answer, 'chat.events.link', ['self', 'next']);
      hasRelations(answer, 'chat.info.link', [
        ...['self', 'visitor-name', 'visitor-typing', 'agent-typing'],
      ]);
    }),
    check('CHAT1', 'the links of the chat and its info lead to what they name', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      const answer = (await chat.get()).is(200);
      for (const rel of ['self', 'events', 'info', 'next', 'visit-id', 'transfer']) {
        (await chat.get(answer.link('chat.link', rel))).is(200);
      }
      for (const href of answer.links('chat.info.link').values()) {
        (await chat.get(href)).is(200);
      }
    }),
    check('CHAT2', 'info has chat, agent, skill, visitor, times', async (fixture) => {
      const { id, name } = fixture.skill();
      const { chat, visitor } = await fixture.acceptedChat({ skill: name, visitorName: 'Vera' });
      const answer = (await chat.get('/info')).is(200);
      const { nickname, id: agentId } = fixture.facts();
      answer.has('info.state', 'chatting').has('info.chatSessionKey', visitor.id);
      answer.has('info.agentName', nickname).has('info.agentId', Number(agentId));
      answer.has('info.skillName', name).has('info.skillId', Number(id));
      answer.has('info.visitorName', 'Vera').has('info.startTime', anInstant);
      answer.has('info.agentTyping', oneOf('not-typing', 'typing'));
      const rtSessionId = Number(/K(\d+)$/.exec(visitor.id)?.[1]);
      answer.has('info.rtSessionId', rtSessionId);
    }),
    check(
      'CHAT4',
      'from=N gives events from N on; next asks from one after the last',
      async (fixture) => {
        const { chat } = await fixture.acceptedChat();
        const all = await chat.feed();
        const last = all.at(-1)?.id ?? 0;
        const answer = (await chat.get(`/events?from=${last}`)).is(200);
        answer.has('events.event.@id', String(last));
        const next = answer.link('events.link', 'next');
        if (!next.endsWith(`/events?from=${last + 1}`)) {
          throw answer.mismatch('link next', `…/events?from=${last + 1}`, next);
        }
        const empty = (await chat.get(next)).is(200).lacks('events.event');
        if (empty.link('events.link', 'next') !== next) {
          throw empty.mismatch('link next', next, empty.link('events.link', 'next'));
        }
      },
    ),
    check('CHAT4', 'the chat’s own next does the same for the whole document', async (fixture) => {
      const { chat, visitor } = await fixture.acceptedChat();
      const next = (await chat.get()).is(200).link('chat.link', 'next');
      (await chat.get(next)).is(200).lacks('chat.events.event');
      await visitor.line('news');
      (await chat.get(next)).has('chat.events.event.text', 'news');
    }),
    check('CHAT5', 'one event can be fetched; what is no event is 404', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      (await chat.get('/events/1')).is(200).has('event.@id', '1').has('event.@type', 'line');
      for (const id of ['999', '-1', 'x']) (await chat.get(`/events/${id}`)).refuses(404);
    }),
    check('CHAT6', 'a line is 201 with its address, where it can be read', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      const sent = await chat.line('How can I help?');
      const uri = sent.link('chatEventLocation.link', 'location');
      const event = (await chat.get(uri)).is(200);
      event.has('event.text', 'How can I help?').has('event.textType', 'plain');
      event.has('event.by', fixture.facts().nickname).has('event.source', 'agent');
      event.has('event.subType', 'REGULAR').lacks('event.systemMessageId');
    }),
    check(
      'CHAT7',
      'an agent’s end is line 5 and state ended, answered with its address twice',
      async (fixture) => {
        const { chat, visitor } = await fixture.acceptedChat();
        const next = (await chat.feed()).length;
        const answer = (await chat.end()).is(201);
        const uri = answer.link('chatEventLocation.link', 'location');
        answer.has('chatLocation.link.@href', uri).header('location', uri);
        await visitor.shows(['system 5', 'ended'], next);
        (await chat.get(uri)).is(200).has('event.state', 'ended');
        (await chat.get('/info')).has('info.state', 'ended');
      },
    ),
    check('CHAT8', 'agent and visitor see the same lines in the same order', async (fixture) => {
      const { chat, visitor } = await fixture.acceptedChat();
      for (const text of ['one', 'two', 'three']) {
        await chat.line(text);
        await visitor.line(text);
      }
      const [one, other] = [await chat.feed(), await visitor.feed()];
      const words = (feed: typeof one) =>
        feed.map(({ id, type, state, text, time }) => ({ id, type, state, text, time }));
      if (JSON.stringify(words(one)) !== JSON.stringify(words(other))) {
        const answer = await visitor.get('/events');
        throw answer.mismatch(
          'the visitor’s feed',
          JSON.stringify(words(one)),
          JSON.stringify(words(other)),
        );
      }
    }),
    check('CHAT10', 'an ended chat is readable by its agent and its visitor', async (fixture) => {
      const { chat, visitor } = await fixture.acceptedChat();
      (await chat.end()).is(201);
      for (const party of [chat, visitor]) {
        (await party.get()).is(200).has('chat.info.state', 'ended');
      }
    }),
    check(
      'CHAT11',
      'the last agent may still write hidden lines into an ended chat',
      async (fixture) => {
        const { chat, visitor } = await fixture.acceptedChat();
        (await chat.end()).is(201);
        const seen = await visitor.story();
        await chat.line('for the record', { subType: 'ONLY_TO_REP' });
        await visitor.shows(seen);
      },
    ),
    check('CHAT12', 'a visitor without a name is "visitor" to agents', async (fixture) => {
      const { chat, visitor } = await fixture.acceptedChat();
      (await chat.get('/info/visitorName')).is(200).has('visitorName', 'visitor');
      await visitor.line('hi');
      const last = (await chat.feed()).at(-1);
      if (last?.by !== 'visitor') {
        throw (await chat.get('/events')).mismatch('by', 'visitor', String(last?.by));
      }
    }),
    check(
      'CHAT13',
      'each side’s typing is shown to the other, and is no event',
      async (fixture) => {
        const { chat, visitor } = await fixture.acceptedChat();
        const before = await chat.story();
        (await chat.get('/info/visitorTyping')).is(200).has('visitorTyping', 'not-typing');
        (await visitor.put('/info/visitorTyping', { visitorTyping: 'typing' })).is(200);
        (await chat.get('/info/visitorTyping')).has('visitorTyping', 'typing');
        (await chat.put('/info/agentTyping', TYPING)).is(200);
        (await visitor.get('/info/agentTyping')).is(200).has('agentTyping', 'typing');
        (await chat.get('/info/agentTyping')).has('agentTyping', 'typing');
        (await visitor.get('/info')).has('info.agentTyping', 'typing');
        await chat.shows(before);
      },
    ),
    check('TYPE3', 'a line ends the typing of who wrote it, not of the other', async (fixture) => {
      const { chat, visitor } = await fixture.acceptedChat();
      (await chat.put('/info/agentTyping', TYPING)).is(200);
      (await visitor.put('/info/visitorTyping', { visitorTyping: 'typing' })).is(200);
      await chat.line('done');
      (await visitor.get('/info')).has('info.agentTyping', 'not-typing');
      (await chat.get('/info')).has('info.visitorTyping', 'typing');
    }),
    check(
      'CHAT14',
      'several chats are asked for at once, each from its own position',
      async (fixture) => {
        fixture.needsRoomFor(2);
        const { agent, chat } = await fixture.acceptedChat();
        await fixture.chat();
        const second = await agent.accept();
        const keys = `chatSessionKeys=${second.id},${chat.id}`;
        const answer = (await agent.get(`/chat?${keys}&fromEventIds=2,1000`)).is(200);
        answer.has('chats.chat.0.info.chatSessionKey', second.id);
        answer.has('chats.chat.0.events.event.0.id', 2);
        answer.has('chats.chat.1.info.chatSessionKey', chat.id);
      },
    ),
    check('CHAT15', 'chats that are not this session’s are left out', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      const other = await fixture.session('agent2');
      const keys = `chatSessionKeys=${chat.id},H1-0K1&fromEventIds=0,0`;
      (await other.get(`/chat?${keys}`)).is(200).has('chats.chat', []);
    }),
    check('CHAT16', 'positions without keys are 400', async (fixture) => {
      const agent = await fixture.session();
      const answer = (await agent.get('/chat?fromEventIds=1')).refuses(400);
      answer.has('error.message', containing('chatSessionKeys'));
    }),
    check('CHAT17', 'a chat without a skill has no skill in its info', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      (await chat.get('/info')).is(200).lacks('info.skillId');
    }),
    check('CHAT9', 'rich content is kept with its line and given to both', async (fixture) => {
      const { chat, visitor } = await fixture.acceptedChat();
      const json = {
        type: 'vertical',
        elements: [
          { type: 'text', text: 'Which one?' },
          {
            type: 'button',
            title: 'This',
            click: { actions: [{ type: 'publishText', text: 'This' }] },
          },
        ],
      };
      const sent = await chat.line('', { textType: 'rich-content', json });
      const id = sent.link('chatEventLocation.link', 'location').replace(/.*\//, '');
      for (const party of [chat, visitor]) {
        const answer = (await party.get(`/events/${id}`)).is(200);
        answer.has('event.textType', 'rich-content').has('event.json', json);
      }
    }),
    check('RICH2', 'rich content that is no card is 400', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      const before = await chat.story();
      for (const json of [{ type: 'script', text: 'x' }, 'text', { elements: [] }]) {
        const event = { '@type': 'line', text: '', textType: 'rich-content', json };
        (await chat.post('/events', { event })).refuses(400);
      }
      await chat.shows(before);
    }),
    check('RICH4', 'rich content above 5 KiB is 400', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      const text = { type: 'text', text: 'x'.repeat(600) };
      const json = { type: 'vertical', elements: Array.from({ length: 12 }, () => text) };
      const event = { '@type': 'line', text: '', textType: 'rich-content', json };
      (await chat.post('/events', { event })).refuses(400);
    }),
    check(
      'VIS32',
      'hidden lines are never given to the visitor, in no resource and representation',
      async (fixture) => {
        const { chat, visitor } = await fixture.acceptedChat({ preChatLines: ['hidden-before'] });
        const sent = await chat.line('hidden-within', { subType: 'ONLY_TO_REP' });
        const id = sent.link('chatEventLocation.link', 'location').replace(/.*\//, '');
        await chat.line('shown');
        for (const path of ['', '/events', '/events.xml', '/info', '?from=2']) {
          const answer = (await visitor.get(path)).is(200);
          if (/hidden-/.test(answer.text)) {
            throw answer.mismatch('body', 'no ONLY_TO_REP line', answer.text);
          }
        }
        (await visitor.get(`/events/${id}`)).refuses(404);
        (await chat.get(`/events/${id}`)).is(200).has('event.subType', 'ONLY_TO_REP');
        (await visitor.get('/events'))
          .has('events.event', aList)
          .has('events.event.0.state', aText);
      },
    ),
  ],
};
