/** The Server Chat API. */
import { type Chapter, check } from '../check.js';
import { aList, anInstant, aNumber, aText, containing, oneOf } from '../expectation.js';
import { hasRelations } from './sessions.js';

/** `H` digits `-` 32 hex `K` digits. */
const CHAT_ID = /^H\d+-[0-9a-f]{32}K\d+$/;

export const visitors: Chapter = {
  title: 'Visitors',
  checks: [
    check('VIS1', 'the account links all that visitors may ask for', async (fixture) => {
      const answer = (await fixture.visitor.get()).is(200);
      answer.has('account.@id', fixture.target.account).has('account.link', aList);
      hasRelations(answer, 'account.link', [
        ...['self', 'chat-availability', 'chat-available-slots', 'chat-estimatedWaitTime'],
        ...['chat-request', 'prechat-survey', 'chat-offline-survey'],
      ]);
      for (const rel of ['chat-availability', 'chat-available-slots', 'chat-estimatedWaitTime']) {
        (await fixture.visitor.get(answer.link('account.link', rel))).is(200);
      }
    }),
    check(
      'VIS8',
      'a chat request is 201 with the chat’s address, whose id nobody can guess',
      async (fixture) => {
        const answer = await fixture.visitor.post('/chat/request', { request: {} });
        const chat = fixture.chatOf(answer);
        answer.header('location', chat.uri).has('chatLocation.link.@rel', 'location');
        if (!chat.uri.startsWith(`${fixture.api}/chat/`) || !CHAT_ID.test(chat.id)) {
          throw answer.mismatch('location', '…/chat/H{digits}-{32 hex}K{digits}', chat.uri);
        }
        const other = await fixture.chat();
        const middle = (id: string) => /-(.*)K/.exec(id)?.[1];
        if (middle(other.id) === middle(chat.id)) {
          throw answer.mismatch('ids of two chats', 'different ones', chat.id);
        }
      },
    ),
    check(
      'VIS9',
      'name, visitor id, language, campaign and tag ids are heeded',
      async (fixture) => {
        const { chat, visitor } = await fixture.acceptedChat({
          visitorName: 'Vera',
          visitorId: '5140396510614',
          language: 'el-GR',
          engagementId: 77,
          campaignId: 88,
          LETagVisitorId: 'tag-visitor',
          LETagSessionId: 'tag-session',
          LETagContextId: 'tag-context',
          interactionTimeout: 77,
        });
        const info = (await chat.get('/info')).is(200);
        info.has('info.visitorName', 'Vera').has('info.language', 'el-GR');
        info.has('info.visitorId', oneOf(5140396510614, '5140396510614'));
        info.has('info.engagementId', 77).has('info.campaignId', 88).has('info.chatTimeout', 77);
        info.has('info.sharkVisitorId', 'tag-visitor').has('info.sharkSessionId', 'tag-session');
        info.has('info.sharkContextId', 'tag-context');
        const own = (await visitor.get('/info')).is(200);
        own.has('info.engagementId', '77').has('info.campaignId', '88');
      },
    ),
    check('VIS10', 'a skill is named by name, by id or as serviceQueue', async (fixture) => {
      const { id, name } = fixture.skill();
      for (const skill of [{ skill: name }, { skillId: Number(id) }, { serviceQueue: name }]) {
        const { chat } = await fixture.acceptedChat(skill);
        (await chat.get('/info')).has('info.skillName', name).has('info.skillId', Number(id));
        (await chat.end()).is(201);
      }
    }),
    check('VIS11', 'an unknown skill or agent is 400 and is named', async (fixture) => {
      for (const field of ['skill', 'agent']) {
        const request = { [field]: 'no-such-one' };
        const answer = await fixture.visitor.post('/chat/request', { request });
        answer.refuses(400).has('error.message', containing('no-such-one'));
      }
    }),
    check(
      'VIS11',
      'bounds: maxWaitTime to 86,400 s; interactionTimeout is a number',
      async (fixture) => {
        for (const request of [
          { maxWaitTime: 86_401 },
          { maxWaitTime: -1 },
          { interactionTimeout: 'an hour' },
        ]) {
          (await fixture.visitor.post('/chat/request', { request })).refuses(400);
        }
      },
    ),
    check(
      'VIS37',
      'interactionTimeout is clamped to 10 to 600 s, and answered',
      async (fixture) => {
        for (const [asked, used] of [
          [3600, 600],
          [1, 10],
        ] as const) {
          const visitor = fixture.chatOf(
            await fixture.visitor.post('/chat/request', { request: { interactionTimeout: asked } }),
          );
          (await visitor.get('/info')).has('info.chatTimeout', used);
        }
      },
    ),
    check('VIS34', 'fields left blank ask for nothing', async (fixture) => {
      for (const skillId of ['', 'null']) {
        const request = { skill: '', skillId, serviceQueue: '', agent: '', visitorName: '' };
        const visitor = fixture.chatOf(await fixture.visitor.post('/chat/request', { request }));
        (await visitor.get('/info')).is(200).lacks('info.skillId');
      }
    }),
    check(
      'SEEN7',
      'line-status, as a browser SDK sends it, is 201 and no event',
      async (fixture) => {
        const { visitor } = await fixture.acceptedChat();
        const before = await visitor.story();
        const event = {
          '@type': 'line-status',
          lineStatus: 'READ',
          refSequenceId: 1,
          metadata: [],
        };
        (await visitor.post('/events', { event })).is(201);
        await visitor.shows(before);
      },
    ),
    check('VIS36', 'an unknown chat is 404 with code 12 to its visitor', async (fixture) => {
      (await fixture.visitor.get(`/chat/H1-${'0'.repeat(32)}K2/events`)).refuses(404, 12);
    }),
    check('WIRE17', 'an agent excludes skill, serviceQueue and maxWaitTime', async (fixture) => {
      const agent = fixture.credentials().username;
      const { name } = fixture.skill();
      for (const other of [{ skill: name }, { serviceQueue: name }, { maxWaitTime: 5 }]) {
        const request = { agent, ...other };
        (await fixture.visitor.post('/chat/request', { request })).refuses(400);
      }
    }),
    check('VIS11', 'a request may be XML', async (fixture) => {
      const body = '<request><visitorName>Vera &amp; Co</visitorName></request>';
      const headers = { 'Content-Type': 'application/xml' };
      const answer = await fixture.visitor.call('POST', '/chat/request', { body, headers });
      const chat = fixture.chatOf(answer);
      (await chat.get('/info/visitorName')).has('visitorName', 'Vera & Co');
    }),
    check('VIS20', 'a visitor’s chat is its links, its events and its info', async (fixture) => {
      const visitor = await fixture.chat();
      const answer = (await visitor.get()).is(200);
      hasRelations(answer, 'chat.link', [
        ...['self', 'events', 'info', 'next', 'transcript-request'],
        ...['transcript-with-subject-request', 'exit-survey', 'custom-variables'],
      ]);
      answer.has('chat.events.event', aList).has('chat.info.state', 'waiting');
    }),
    check('VIS20', 'info alone has plain keys', async (fixture) => {
      const visitor = await fixture.chat();
      const answer = (await visitor.get('/info')).is(200);
      answer.has('info.state', 'waiting').has('info.chatSessionKey', visitor.id);
      answer.has('info.startTime', anInstant).has('info.chatTimeout', aNumber);
      answer.has('info.link.0.href', aText);
    }),
    check('VIS21', 'lines and the end are answered as for agents', async (fixture) => {
      const visitor = await fixture.chat();
      const line = await visitor.line('hi');
      const uri = line.link('chatEventLocation.link', 'location');
      line.header('location', uri);
      (await visitor.get(uri)).is(200).has('event.text', 'hi').has('event.source', 'visitor');
      const end = (await visitor.end()).is(201);
      end.has('chatEventLocation.link.@rel', 'location').has('chatLocation.link.@href', aText);
    }),
    check('VIS26', 'no part of a chat’s id leads to it', async (fixture) => {
      const visitor = await fixture.chat();
      const [, head = '', middle = '', tail = ''] = /^(H\d+)-(.*)(K\d+)$/.exec(visitor.id) ?? [];
      const turned = middle.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
      for (const id of [`${head}${tail}`, `${head}-${turned}${tail}`, `${head}-${tail}`, middle]) {
        for (const path of ['', '/events', '/info']) {
          (await fixture.visitor.get(`/chat/${id}${path}`)).refuses(404);
        }
      }
    }),
    check(
      'VIS28',
      'a visitor without a name is "You" to themself; a new name is 200',
      async (fixture) => {
        const { chat, visitor } = await fixture.acceptedChat();
        (await visitor.get('/info/visitorName')).is(200).has('visitorName', 'You');
        (await visitor.put('/info/visitorName', { visitorName: 'Vera' })).is(200);
        (await visitor.get('/info/visitorName')).has('visitorName', 'Vera');
        (await chat.get('/info/visitorName')).has('visitorName', 'Vera');
        const next = (await chat.feed()).length;
        await visitor.line('now with a name');
        await chat.shows(['Vera: now with a name'], next);
      },
    ),
    check('LINE9', 'earlier lines keep the name that the visitor had then', async (fixture) => {
      const { chat, visitor } = await fixture.acceptedChat({ visitorName: 'Vera' });
      const next = (await chat.feed()).length;
      await visitor.line('one');
      (await visitor.put('/info/visitorName', { visitorName: 'Wim' })).is(200);
      await visitor.line('two');
      await chat.shows(['Vera: one', 'Wim: two'], next);
    }),
    check('VISIT13', 'custom variables are shown with the visit', async (fixture) => {
      const given = { customVariable: [{ name: 'order', value: '4711' }] };
      const { chat, visitor } = await fixture.acceptedChat({ customVariables: given });
      const more = { customVariables: { customVariable: { name: 'tier', value: 'gold' } } };
      (await visitor.put('/customVariables', more)).is(200);
      const visit = (await chat.get()).link('chat.link', 'visit-id');
      const links = (await chat.get(visit)).is(200);
      const answer = await chat.get(links.link('visitId.link', 'custom-variables'));
      const variables = JSON.stringify(answer.is(200).at('customVariables.customVariable'));
      for (const text of ['order', '4711', 'tier', 'gold']) {
        if (!variables.includes(`"${text}"`))
          throw answer.mismatch('customVariable', text, variables);
      }
    }),
    check(
      'MAIL6',
      'a transcript is accepted, or 409 says that there is no mail server',
      async (fixture) => {
        const { visitor } = await fixture.acceptedChat();
        const body = { email: 'vera@example.com' };
        const link = (await visitor.get()).link('chat.link', 'transcript-request');
        const answer = await visitor.put(link, body);
        if (answer.status !== 200) answer.refuses(409);
      },
    ),
    check('MAIL4', 'a transcript to what is no address is 400', async (fixture) => {
      const { visitor } = await fixture.acceptedChat();
      for (const email of ['nobody', 'a@b, c@d', 'a@b\r\nBcc: c@d', '']) {
        const answer = await visitor.put('/transcriptRequest', { email });
        // Without a mail server that may be said first.
        if (answer.status !== 409) answer.refuses(400);
      }
    }),
  ],
};
