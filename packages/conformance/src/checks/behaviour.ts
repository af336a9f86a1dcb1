/** A chat's way: feed, routing, ringing, end, estimates. */
import { type Chapter, check, slowCheck } from '../check.js';
import { between, oneOf } from '../expectation.js';
import { Skipped } from '../outcome.js';
import { eventually } from '../actors.js';

const seconds = (count: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, count * 1_000));

export const way: Chapter = {
  title: 'A chat’s way',
  checks: [
    check('FEED1', 'a chat begins with state waiting and line 4', async (fixture) => {
      const visitor = await fixture.chat();
      await visitor.shows(['waiting', 'system 4']);
    }),
    check('FEED1', 'pre-chat lines follow, hidden from the visitor', async (fixture) => {
      const { chat, visitor } = await fixture.acceptedChat({ preChatLines: { line: ['Order 5'] } });
      const hidden = (await chat.feed()).filter(({ subType }) => subType === 'ONLY_TO_REP');
      if (hidden[0]?.id !== 2 || hidden[0].text !== 'Order 5' || hidden.length !== 1) {
        const got = hidden.map(({ id, text }) => `${id} ${text}`).join(' | ');
        throw (await chat.get('/events')).mismatch('hidden lines', '2 Order 5', got);
      }
      if ((await visitor.feed()).some(({ id }) => id === 2)) {
        throw (await visitor.get('/events')).mismatch(
          'the visitor’s feed',
          'no event 2',
          'event 2',
        );
      }
    }),
    check('FEED2', 'event ids are 0, 1, 2 … without gap or repeat', async (fixture) => {
      const { chat, visitor } = await fixture.acceptedChat();
      await Promise.all(
        ['a', 'b', 'c', 'd', 'e', 'f'].map((text, index) =>
          (index % 2 === 0 ? chat : visitor).line(text),
        ),
      );
      const ids = (await chat.feed()).map(({ id }) => id);
      const wanted = ids.map((_, index) => index);
      if (ids.join() !== wanted.join()) {
        throw (await chat.get('/events')).mismatch('ids', wanted.join(), ids.join());
      }
    }),
    check(
      'FEED4',
      'a system line is plain, by "info", from the system, with systemMessageId',
      async (fixture) => {
        const visitor = await fixture.chat();
        const answer = (await visitor.get('/events/1')).is(200);
        answer.has('event.textType', 'plain').has('event.by', 'info').has('event.source', 'system');
        answer.has('event.subType', 'REGULAR').has('event.systemMessageId', oneOf(4, '4'));
      },
    ),
    check('RING4', 'accepting gives state chatting and line 3', async (fixture) => {
      const agent = await fixture.session();
      const visitor = await fixture.chat();
      const next = (await visitor.feed()).length;
      await agent.accept();
      await visitor.shows(['chatting', 'system 3'], next);
    }),
    check('RING1', 'a chat rings one agent at a time', async (fixture) => {
      const agents = [await fixture.session(), await fixture.session('agent2')];
      await fixture.chat({ skill: fixture.skill().name });
      await seconds(0.5);
      const counts = await Promise.all(
        agents.map(async (agent) => {
          const answer = await agent.get('/incomingRequests');
          return String(answer.at('incomingRequests.ringingCount'));
        }),
      );
      if ([...counts].sort().join() === '0,1') return;
      const answer = await agents[0]?.get('/incomingRequests');
      throw answer?.mismatch('ringing at the two agents', 'one at one of them', counts.join(', '));
    }),
    check('RING7', 'a visitor who leaves while the chat rings stops the ring', async (fixture) => {
      const agent = await fixture.session();
      const visitor = await fixture.chat();
      await agent.rings();
      (await visitor.end()).is(201);
      (await agent.get('/incomingRequests')).has('incomingRequests.ringingCount', '0');
      (await agent.post('/incomingRequests', {})).refuses(404);
    }),
    check('RING9', 'a ringing chat is waiting to whoever asks for its state', async (fixture) => {
      const agent = await fixture.session();
      const visitor = await fixture.chat();
      await agent.rings();
      (await visitor.get('/info')).has('info.state', 'waiting');
    }),
    check('ROUTE1', 'the longest-waiting chat is given out first', async (fixture) => {
      fixture.needsRoomFor(2);
      const agent = await fixture.session();
      await agent.become('Away');
      const first = await fixture.chat();
      const second = await fixture.chat();
      await agent.become('Online');
      const accepted = await agent.accept();
      if (accepted.id !== first.id) {
        const answer = await accepted.get('/info');
        throw answer.mismatch('the chat accepted', first.id, `${accepted.id} (not ${second.id})`);
      }
    }),
    check('ROUTE3', 'a chat for a named agent waits for that agent', async (fixture) => {
      const agent = await fixture.session();
      const { username } = fixture.credentials('agent2');
      const visitor = await fixture.chat({ agent: username });
      (await agent.get('/incomingRequests')).has('incomingRequests.ringingCount', '0');
      const named = await fixture.session('agent2');
      const accepted = await named.accept();
      (await accepted.get('/info')).has('info.chatSessionKey', visitor.id);
    }),
    check('ROUTE4', 'the less loaded agent is rung', async (fixture) => {
      fixture.needsRoomFor(2);
      const { agent } = await fixture.acceptedChat();
      const other = await fixture.session('agent2');
      await fixture.chat({ skill: fixture.skill().name });
      await other.rings();
      (await agent.get('/incomingRequests')).has('incomingRequests.ringingCount', '0');
    }),
    check('ROUTE6', 'chatting and ringing together never exceed maxChats', async (fixture) => {
      const { maxChats } = fixture.facts();
      if (maxChats < 0 || maxChats > 20)
        throw new Skipped('the agent has no cap, or a very high one');
      const agent = await fixture.session();
      for (let chats = 0; chats < maxChats; chats += 1) await fixture.chat();
      await agent.rings(maxChats);
      await fixture.chat();
      await agent.accept();
      const full = await agent.get('/incomingRequests');
      full.has('incomingRequests.ringingCount', String(maxChats - 1));
    }),
    check('LINE8', 'a visitor can write while the chat waits', async (fixture) => {
      const visitor = await fixture.chat();
      await visitor.line('hello?');
      const agent = await fixture.session();
      const chat = await agent.accept();
      const texts = (await chat.feed()).map(({ text }) => text);
      if (!texts.includes('hello?')) {
        throw (await chat.get('/events')).mismatch('events', 'hello?', texts.join(' | '));
      }
    }),
    check('END2', 'a visitor’s end is state ended alone', async (fixture) => {
      const { chat, visitor } = await fixture.acceptedChat();
      const next = (await chat.feed()).length;
      (await visitor.end()).is(201);
      await chat.shows(['ended'], next);
    }),
    check('END2', 'a visitor can leave while the chat waits', async (fixture) => {
      const visitor = await fixture.chat();
      (await visitor.end()).is(201);
      await visitor.shows(['waiting', 'system 4', 'ended']);
    }),
    slowCheck(
      'RING2',
      22,
      'an unaccepted ring sends the agent Away after 20 s',
      async (fixture) => {
        const agent = await fixture.session();
        const visitor = await fixture.chat({ interactionTimeout: 120 });
        await agent.rings();
        await seconds(20);
        await eventually(
          () => agent.get('/availability'),
          (answer) => answer.at('availability.chat') === 'Away',
          'Away',
        );
        (await agent.get('/incomingRequests')).has('incomingRequests.ringingCount', '0');
        await visitor.shows(['waiting', 'system 4']);
      },
    ),
    slowCheck('RING2', 22, 'the chat then rings the next agent', async (fixture) => {
      const { name } = fixture.skill();
      const agents = [await fixture.session(), await fixture.session('agent2')] as const;
      await fixture.chat({ skill: name, interactionTimeout: 120 });
      const count = async (index: 0 | 1) =>
        Number((await agents[index].get('/incomingRequests')).at('incomingRequests.ringingCount'));
      const other = (await count(0)) === 1 ? agents[1] : agents[0];
      await seconds(20);
      await other.rings();
    }),
    slowCheck(
      'XFER6',
      22,
      'a transfer to an agent who does not accept falls back to the skill',
      async (fixture) => {
        const { agent, chat, visitor } = await fixture.acceptedChat({
          skill: fixture.skill().name,
          interactionTimeout: 120,
        });
        const other = await fixture.session('agent2');
        const to = { transfer: { agent: { id: Number(fixture.facts('agent2').id) } } };
        (await chat.post('/transfer', to)).is(200);
        await other.rings();
        await seconds(20);
        // Nobody else is left for it, so it rings the giver again.
        await agent.rings();
        (await visitor.get('/info')).has('info.state', 'waiting');
      },
    ),
    slowCheck('TYPE2', 11, 'typing falls back to not-typing after 10 s', async (fixture) => {
      const { chat, visitor } = await fixture.acceptedChat();
      (await visitor.put('/info/visitorTyping', { visitorTyping: 'typing' })).is(200);
      await seconds(10);
      await eventually(
        () => chat.get('/info/visitorTyping'),
        (answer) => answer.at('visitorTyping') === 'not-typing',
        'not-typing',
      );
    }),
    slowCheck(
      'VIS30',
      12,
      'a visitor silent for interactionTimeout ends the chat with line 6',
      async (fixture) => {
        const { chat } = await fixture.acceptedChat({ interactionTimeout: 10 });
        const next = (await chat.feed()).length;
        await seconds(10);
        await eventually(
          () => chat.get('/info'),
          (answer) => answer.at('info.state') === 'ended',
          'ended',
        );
        await chat.shows(['system 6', 'ended'], next);
      },
    ),
    slowCheck(
      'AGENT12',
      125,
      'a session without a heartbeat for 120 s is lost; the bearer stays',
      async (fixture) => {
        const agent = await fixture.session();
        await seconds(121);
        await eventually(
          () => agent.get(),
          ({ status }) => status === 404,
          '404',
        );
        await fixture.session();
      },
    ),
  ],
};

export const estimates: Chapter = {
  title: 'Estimates',
  checks: [
    check(
      'VIS2',
      'availability is whether an agent is online: anybody, a skill, an agent',
      async (fixture) => {
        const { name } = fixture.skill();
        const { username } = fixture.credentials();
        const paths = [
          '',
          `?skill=${encodeURIComponent(name)}`,
          `?agent=${encodeURIComponent(username)}`,
        ];
        for (const path of paths) {
          (await fixture.visitor.get(`/chat/availability${path}`))
            .is(200)
            .has('availability', false);
        }
        await fixture.session();
        for (const path of paths) {
          (await fixture.visitor.get(`/chat/availability${path}`))
            .is(200)
            .has('availability', true);
        }
      },
    ),
    check('VIS4', 'several skills are answered one by one', async (fixture) => {
      const [first, second] = fixture.skills();
      if (first === undefined || second === undefined) {
        throw new Skipped('it needs two skills that both agents hold');
      }
      await fixture.session();
      const query = `skill=${encodeURIComponent(first.name)}&skill=${encodeURIComponent(second.name)}`;
      const answer = (await fixture.visitor.get(`/chat/availability?${query}`)).is(200);
      const path = 'availability.AvailabilityForSkills.skillAvailability';
      answer.has(`${path}.0`, { skill: first.name, isAvailable: true });
      answer.has(`${path}.1`, { skill: second.name, isAvailable: true });
    }),
    check('VIS3', 'maxWaitTime=0: only when somebody can take a chat now', async (fixture) => {
      const { maxChats } = fixture.facts();
      if (maxChats < 0 || maxChats > 20)
        throw new Skipped('the agent has no cap, or a very high one');
      const agent = await fixture.session();
      const path = '/chat/availability?maxWaitTime=0';
      (await fixture.visitor.get(path)).is(200).has('availability', true);
      for (let chats = 0; chats < maxChats; chats += 1) await fixture.chat();
      await agent.rings(maxChats);
      (await fixture.visitor.get(path)).is(200).has('availability', false);
      (await fixture.visitor.get('/chat/availability')).has('availability', true);
    }),
    check('VIS5', 'slots are shown to visitors as to agents', async (fixture) => {
      const agent = await fixture.session();
      const own = (await agent.get('/chat/availableSlots')).is(200).at('availableSlots');
      const answer = (await fixture.visitor.get('/chat/availableSlots')).is(200);
      answer.has('availableSlots', Number(own));
    }),
    check('EST1', 'free slots are those of the agents online', async (fixture) => {
      const { maxChats } = fixture.facts();
      (await fixture.visitor.get('/chat/availableSlots')).is(200).has('availableSlots', 0);
      await fixture.session();
      (await fixture.visitor.get('/chat/availableSlots')).has('availableSlots', maxChats);
    }),
    check(
      'VIS6',
      'the estimated wait is 0 with a free slot and -1 with nobody online',
      async (fixture) => {
        (await fixture.visitor.get('/chat/estimatedWaitTime')).is(200).has('estimatedWaitTime', -1);
        await fixture.session();
        (await fixture.visitor.get('/chat/estimatedWaitTime')).has('estimatedWaitTime', 0);
      },
    ),
    check('EST5', 'with agents online and no free slot it is -2 or seconds', async (fixture) => {
      const { maxChats } = fixture.facts();
      if (maxChats < 0 || maxChats > 20)
        throw new Skipped('the agent has no cap, or a very high one');
      const agent = await fixture.session();
      for (let chats = 0; chats < maxChats; chats += 1) await fixture.chat();
      await agent.rings(maxChats);
      const answer = (await fixture.visitor.get('/chat/estimatedWaitTime')).is(200);
      if (answer.at('estimatedWaitTime') !== -2)
        answer.has('estimatedWaitTime', between(1, 86_400));
    }),
    check(
      'VIS7',
      'an unknown skill or agent is 400; an agent excludes a skill',
      async (fixture) => {
        for (const path of [
          '/chat/availability',
          '/chat/availableSlots',
          '/chat/estimatedWaitTime',
        ]) {
          (await fixture.visitor.get(`${path}?skill=no%20such%20skill`)).refuses(400);
        }
        (await fixture.visitor.get('/chat/availability?agent=no-such-agent')).refuses(400);
        (await fixture.visitor.get('/chat/availability?maxWaitTime=86401')).refuses(400);
        (await fixture.visitor.get('/chat/availability')).has('availability', oneOf(true, false));
      },
    ),
  ],
};
