/** The three representations of a document. */
import { type Answer, valueAt } from '../answer.js';
import { type Chapter, check } from '../check.js';
import { anInstant, aList, aNumber, aText, containing, oneOf } from '../expectation.js';
import { Skipped } from '../outcome.js';
import type { HttpActor } from '../actors.js';
import { childrenOf, elementAt, type XmlElement } from '../xml.js';

const HAL = { Accept: 'application/hal+json' };
const XML = { Accept: 'application/xml' };

/** A HAL answer, if this server gives any: it is an addition to the original API. */
async function hal(caller: HttpActor, path = ''): Promise<Answer> {
  const answer = await caller.get(path, HAL);
  if (answer.status === 406) throw new Skipped('the server offers no HAL');
  return answer.header('content-type', containing('application/hal+json'));
}

function requireHave(answer: Answer, element: XmlElement | undefined, what: string): XmlElement {
  if (element !== undefined) return element;
  throw answer.mismatch(what, 'an element', 'none');
}

export const formats: Chapter = {
  title: 'Formats',
  checks: [
    check(
      'FORMAT1',
      'JSON is given without Accept, for */* and for application/json',
      async (fixture) => {
        for (const accept of [undefined, '*/*', 'application/json']) {
          const headers = { ...fixture.key(), ...(accept === undefined ? {} : { Accept: accept }) };
          const answer = await fixture.ask('GET', '/chat/availability?v=1', { headers });
          answer.is(200).header('content-type', containing('application/json'));
        }
      },
    ),
    check('FORMAT1', 'XML is given for application/xml and text/xml', async (fixture) => {
      for (const Accept of ['application/xml', 'text/xml']) {
        const answer = await fixture.visitor.get('/chat/availability', { Accept });
        answer.is(200).header('content-type', containing('xml'));
        if (answer.xml().name !== 'availability') {
          throw answer.mismatch('root element', '<availability>', `<${answer.xml().name}>`);
        }
      }
    }),
    check('FORMAT2', 'nothing acceptable is 406', async (fixture) => {
      (await fixture.visitor.get('/chat/availability', { Accept: 'image/png' })).is(406);
    }),
    check('FORMAT2', 'nothing happens when nothing acceptable can be answered', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      const before = await chat.story();
      const event = { '@type': 'line', text: 'hello' };
      (await chat.post('/events', { event }, { Accept: 'image/png' })).is(406);
      await chat.shows(before);
    }),
    check('FORMAT3', 'one event alone is written in JSON and in XML', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      const json = (await chat.get('/events/0')).is(200);
      json.has('event.@id', '0').has('event.@type', 'state').has('event.state', 'waiting');
      const xml = (await chat.get('/events/0', XML)).is(200);
      const event = xml.xml();
      const got = `${event.name} ${event.attributes.get('id')} ${event.attributes.get('type')}`;
      if (got !== 'event 0 state') {
        throw xml.mismatch('root element', '<event id="0" type="state">', got);
      }
    }),
    check(
      'TIME1',
      'event and info times are ISO 8601 with milliseconds and offset',
      async (fixture) => {
        const { chat } = await fixture.acceptedChat();
        const answer = (await chat.get()).is(200);
        answer.has('chat.events.event.0.time', anInstant).has('chat.info.startTime', anInstant);
        answer.has('chat.info.lastUpdate', anInstant);
        const seconds = (Date.now() - Date.parse(String(answer.at('chat.info.startTime')))) / 1000;
        if (Math.abs(seconds) > 600) {
          throw answer.mismatch('startTime', 'the time now, within 10 minutes', `${seconds} s ago`);
        }
      },
    ),
    check('FORMAT4', "times carry the offset of the account's time zone", async (fixture) => {
      const offset = Number((await fixture.logIn()).at('config.serverTimeGMTDiff'));
      const { chat } = await fixture.acceptedChat();
      const answer = (await chat.get('/events/0')).is(200);
      const time = String(answer.at('event.time'));
      const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(time) ?? [];
      const own = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
      if (own !== offset) throw answer.mismatch('event.time', `offset ${offset} ms`, time);
    }),
    check(
      'XML2',
      'in XML the root is the top key of the JSON; attributes are attributes',
      async (fixture) => {
        const { chat } = await fixture.acceptedChat();
        const answer = (await chat.get('', XML)).is(200);
        const root = answer.xml();
        if (root.name !== 'chat') throw answer.mismatch('root element', '<chat>', `<${root.name}>`);
        const self = childrenOf(root, 'link').find((link) => link.attributes.get('rel') === 'self');
        if (self?.attributes.get('href') !== chat.uri) {
          throw answer.mismatch(
            '<link rel="self" href>',
            chat.uri,
            String(self?.attributes.get('href')),
          );
        }
        const event = requireHave(answer, elementAt(root, 'events/event'), '<events><event>');
        const attributes = `${event.attributes.get('id')} ${event.attributes.get('type')}`;
        if (attributes !== '0 state')
          throw answer.mismatch('<event id type>', '0 state', attributes);
        const state = elementAt(root, 'info/state')?.text;
        if (state !== 'chatting') throw answer.mismatch('<info><state>', 'chatting', String(state));
      },
    ),
    check('XML3', 'texts survive XML whatever is in them', async (fixture) => {
      const { chat, visitor } = await fixture.acceptedChat();
      const text = `<b>&amp; "quoted" & 'single' ]]> é 漢 🎉`;
      const line = (await visitor.line(text)).link('chatEventLocation.link', 'location');
      const id = line.slice(line.lastIndexOf('/') + 1);
      const answer = (await chat.get(`/events/${id}`, XML)).is(200);
      const got = elementAt(answer.xml(), 'text')?.text;
      if (got !== text) throw answer.mismatch('<text>', text, String(got));
    }),
    check('HAL1', 'HAL has _links by relation and no root key', async (fixture) => {
      const agent = await fixture.session();
      const answer = (await hal(agent)).is(200);
      answer.has('_links.self.href', agent.uri).has('_links.incoming-requests.href', aText);
    }),
    check('HAL2', 'lists are arrays in HAL, whatever their length', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      for (const from of [2, 1_000]) {
        const answer = (await hal(chat, `/events?from=${from}`)).is(200);
        answer.has('event', aList);
      }
    }),
    check('HAL3', 'numbers are numbers and no key has @ in HAL; times are UTC', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      const answer = (await hal(chat, '/events')).is(200);
      answer.has('event.0.id', aNumber).has('event.0.time', /Z$/);
      if (answer.text.includes('"@')) throw answer.mismatch('keys', 'none with @', answer.text);
    }),
    check('HAL4', 'errors are problem details for HAL callers', async (fixture) => {
      const agent = await fixture.session();
      await hal(agent);
      const answer = (await agent.get('/chat/H1-0K1', HAL)).is(404);
      answer.header('content-type', containing('application/problem+json'));
      answer.has('status', 404).has('title', aText);
    }),
  ],
};

export const representation: Chapter = {
  title: 'Representation as JSON',
  checks: [
    check('WIRE2', 'attributes have @, and @href stands before @rel', async (fixture) => {
      const agent = await fixture.session();
      const answer = (await agent.get()).is(200);
      answer.has('agentSessionId.link.0.@href', aText).has('agentSessionId.link.0.@rel', aText);
      const first = /"@(href|rel)"/.exec(answer.text)?.[1];
      if (first !== 'href') throw answer.mismatch('first key of a link', '@href', `@${first}`);
    }),
    check('WIRE3', 'chat info alone has plain keys', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      const answer = (await chat.get('/info')).is(200);
      answer.has('info.link.0.href', aText).has('info.link.0.rel', aText).has('info.state', aText);
      answer.lacks('info.link.0.@href');
    }),
    check('WIRE3', 'the multi-chat document has plain keys', async (fixture) => {
      const { agent, chat } = await fixture.acceptedChat();
      const answer = (await agent.get(`/chat?chatSessionKeys=${chat.id}`)).is(200);
      answer
        .has('chats.chat.0.link.0.href', aText)
        .has('chats.chat.0.events.event.0.id', oneOf('0', 0));
      if (answer.text.includes('"@')) throw answer.mismatch('keys', 'none with @', answer.text);
    }),
    check(
      'WIRE4',
      'a list of one is written as that member, an empty one not at all',
      async (fixture) => {
        const { chat, visitor } = await fixture.acceptedChat();
        const next = (await chat.feed()).length;
        (await chat.get(`/events?from=${next}`)).is(200).lacks('events.event');
        await visitor.line('one');
        const one = (await chat.get(`/events?from=${next}`)).is(200);
        one.has('events.event.@id', String(next)).has('events.event.text', 'one');
        await visitor.line('two');
        const two = (await chat.get(`/events?from=${next}`)).is(200);
        two.has('events.event.0.text', 'one').has('events.event.1.text', 'two');
      },
    ),
    check(
      'WIRE5',
      'links of chat, events and info, and agents, are always lists',
      async (fixture) => {
        const { agent, chat } = await fixture.acceptedChat();
        const answer = (await chat.get()).is(200);
        for (const path of ['chat.link', 'chat.events.link', 'chat.info.link'])
          answer.has(path, aList);
        (await agent.get('/availableAgents')).has('availableAgents.agents.agent', aList);
      },
    ),
    check(
      'WIRE5',
      'the multi-chat document and chat sessions have lists, also of one',
      async (fixture) => {
        const { agent, chat } = await fixture.acceptedChat();
        const chats = (await agent.get(`/chat?chatSessionKeys=${chat.id}&fromEventIds=1000`)).is(
          200,
        );
        chats.has('chats.chat', aList).has('chats.chat.0.link', aList);
        (await agent.get('/chatSessions')).is(200).has('chatSessions.chatSession', aList);
      },
    ),
    check(
      'WIRE6',
      'an agent without skills has null for skills and skillsInfo',
      async (fixture) => {
        const agent = await fixture.session();
        const answer = (await agent.get('/availableAgents')).is(200);
        const agents = answer.at('availableAgents.agents.agent');
        const all = Array.isArray(agents) ? agents : [];
        const bare = all.findIndex((each) => valueAt(each, 'skillsInfo.skillInfo') === undefined);
        if (bare < 0) throw new Skipped('every agent of the account holds a skill');
        const at = `availableAgents.agents.agent.${bare}`;
        answer.has(`${at}.skills`, null).has(`${at}.skillsInfo`, null);
      },
    ),
    check('WIRE7', 'attributes, ringingCount and ids of agent info are texts', async (fixture) => {
      const { agent, chat } = await fixture.acceptedChat();
      (await agent.get('/info')).has('info.id', /^\d+$/).has('info.maxChats', /^-?\d+$/);
      (await agent.get('/incomingRequests')).has('incomingRequests.ringingCount', '0');
      (await chat.get('/events/0')).has('event.@id', '0');
    }),
    check(
      'WIRE7',
      'ids, duration and timeout of chat info, and systemMessageId, are numbers',
      async (fixture) => {
        const { chat } = await fixture.acceptedChat({ skill: fixture.skill().name });
        const info = (await chat.get('/info')).is(200);
        for (const key of ['duration', 'chatTimeout', 'skillId', 'agentId', 'rtSessionId']) {
          info.has(`info.${key}`, aNumber);
        }
        (await chat.get('/events/1')).has('event.systemMessageId', 4);
      },
    ),
    check(
      'WIRE21',
      'link next stands in availableAgents, chatLocation beside the root',
      async (fixture) => {
        const { agent, chat } = await fixture.acceptedChat();
        (await agent.get('/availableAgents')).is(200).has('availableAgents.link.@rel', 'next');
        const ended = (await chat.end()).is(201);
        ended.has('chatEventLocation.link.@href', aText).has('chatLocation.link.@href', aText);
      },
    ),
    check('CHAT18', 'in XML the end of a chat is answered as chatLocation', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      const body = '<event type="state"><state>ended</state></event>';
      const headers = { 'Content-Type': 'application/xml', Accept: 'application/xml' };
      const ended = (await chat.call('POST', '/events', { body, headers })).is(201);
      const root = ended.xml();
      if (root.name !== 'chatLocation') throw ended.mismatch('root', 'chatLocation', root.name);
    }),
    check(
      'WIRE25',
      'numbers of events are texts where the original has them so',
      async (fixture) => {
        const { agent, chat, visitor } = await fixture.acceptedChat();
        (await chat.get('/events/1')).has('event.systemMessageId', 4).has('event.@id', '1');
        (await visitor.get('/events')).has('events.event.1.systemMessageId', '4');
        (await visitor.get()).has('chat.events.event.1.systemMessageId', 4);
        const several = await agent.get(`/chat?chatSessionKeys=${chat.id}`);
        several.has('chats.chat.0.events.event.1.systemMessageId', '4');
        several.has('chats.chat.0.events.event.1.id', 1);
      },
    ),
  ],
};
