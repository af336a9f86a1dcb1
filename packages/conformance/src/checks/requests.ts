/** What may be sent, and how what is wrong is refused. */
import { type Chapter, check } from '../check.js';
import { aText, aWholeNumber, containing, oneOf } from '../expectation.js';
import { elementAt } from '../xml.js';

const LINE = { event: { '@type': 'line', text: 'hello' } };

export const requests: Chapter = {
  title: 'Request bodies',
  checks: [
    check('BODY1', 'JSON is read as JSON under any Content-Type or none', async (fixture) => {
      const { agent, chat } = await fixture.acceptedChat();
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
        (await chat.post('/events', LINE, { 'Content-Type': type })).is(201);
      }
      const headers = { Authorization: agent.headers['Authorization'] ?? '' };
      const body = JSON.stringify(LINE);
      const url = fixture.asAgent(`${chat.uri}/events`);
      (await fixture.send({ method: 'POST', url, headers, body })).is(201);
    }),
    check('BODY2', 'XML is read as XML', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      const next = (await chat.feed()).length;
      const body = '<event type="line"><text>a &lt; b</text><textType>plain</textType></event>';
      const sent = await chat.call('POST', '/events', {
        body,
        headers: { 'Content-Type': 'application/xml' },
      });
      sent.is(201);
      await chat.shows([`${fixture.facts().nickname}: a < b`], next);
    }),
    check('BODY3', 'attributes are read with and without @', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      (await chat.post('/events', { event: { '@type': 'line', text: 'with' } })).is(201);
      (await chat.post('/events', { event: { type: 'line', text: 'without' } })).is(201);
    }),
    check('WIRE9', 'a list is read from one member and from an array', async (fixture) => {
      for (const line of ['alone', ['one', 'two']]) {
        const { chat } = await fixture.acceptedChat({ preChatLines: { line } });
        const texts = (await chat.feed()).map(({ text }) => text);
        for (const text of [line].flat()) {
          if (!texts.includes(text)) {
            throw (await chat.get('/events')).mismatch('pre-chat lines', text, texts.join(' | '));
          }
        }
        (await chat.end()).is(201);
      }
    }),
    check('WIRE16', 'pre-chat lines are read from line, lines and a bare list', async (fixture) => {
      for (const preChatLines of [{ line: ['x'] }, { lines: ['x'] }, ['x']]) {
        const { chat } = await fixture.acceptedChat({ preChatLines });
        const hidden = (await chat.feed()).filter(({ subType }) => subType === 'ONLY_TO_REP');
        if (hidden.length !== 1) {
          throw (await chat.get('/events')).mismatch('hidden lines', '1', String(hidden.length));
        }
        (await chat.end()).is(201);
      }
    }),
    check('BODY4', 'an empty body is fine where no field is required', async (fixture) => {
      const agent = await fixture.session();
      fixture.chatOf(await fixture.visitor.call('POST', '/chat/request'));
      await agent.rings();
      (await agent.call('POST', '/incomingRequests')).is(201);
    }),
    check('BODY4', 'an empty body is 400 where a field is required', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      (await chat.call('POST', '/events')).refuses(400);
    }),
    check('BODY5', 'malformed JSON is 400 with its place, and changes nothing', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      const before = await chat.story();
      const body = '{"event": {"@type": "line",\n "text": }}';
      const answer = (await chat.post('/events', body)).refuses(400);
      answer.has('error.message', /line 2\b|position \d+/i);
      await chat.shows(before);
    }),
    check('BODY5', 'malformed XML is 400 with its place, and changes nothing', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      const before = await chat.story();
      const body = '<event type="line">\n<text>hello</event>';
      const answer = await chat.post('/events', body, { 'Content-Type': 'application/xml' });
      answer.refuses(400).has('error.message', /line|position/i);
      await chat.shows(before);
    }),
    check('BODY6', 'XML with a DOCTYPE or an entity of its own is 400', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      const before = await chat.story();
      const type = { 'Content-Type': 'application/xml' };
      const bodies = [
        '<!DOCTYPE event [<!ENTITY x "boom">]><event type="line"><text>&x;</text></event>',
        '<!DOCTYPE event SYSTEM "file:///etc/passwd"><event type="line"><text>x</text></event>',
        '<event type="line"><text>&x;</text></event>',
      ];
      for (const body of bodies) (await chat.post('/events', body, type)).refuses(400);
      await chat.shows(before);
    }),
    check('BODY7', 'a body far above 64 KiB is 413', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      const event = { ...LINE.event, text: 'x'.repeat(300 * 1024) };
      (await chat.post('/events', { event })).is(413);
    }),
    check('BODY8', 'what is neither JSON nor XML is refused', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      (await chat.post('/events', 'hello', { 'Content-Type': 'text/plain' })).is(400, 415);
      (await chat.post('/events', '\u0001\u0002', { 'Content-Type': 'image/png' })).is(400, 415);
    }),
    check('BODY9', 'fields that only the server sets are ignored', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      const forged = {
        '@id': '77',
        time: '2001-01-01T00:00:00.000Z',
        by: 'Root',
        source: 'system',
      };
      const sent = await chat.line('hello', { ...forged, systemMessageId: 3, nonsense: [1] });
      const event = await chat.get(sent.link('chatEventLocation.link', 'location'));
      event.is(200).has('event.by', fixture.facts().nickname).has('event.source', 'agent');
      event.lacks('event.systemMessageId').lacks('event.nonsense');
    }),
    check('BODY10', 'a wrong field is 400, is named, and changes nothing', async (fixture) => {
      const { agent, chat } = await fixture.acceptedChat();
      const before = await chat.story();
      const wrong = { event: { '@type': 'line', text: 'x', subType: 'SECRET' } };
      (await chat.post('/events', wrong)).refuses(400).has('error.message', containing('subType'));
      const note = { event: { '@type': 'note', text: 'x' } };
      (await chat.post('/events', note)).refuses(400).has('error.message', containing('type'));
      (await agent.put('/availability', { availability: { chat: 'Asleep' } })).refuses(400);
      await chat.shows(before);
      (await agent.get('/availability')).has('availability.chat', 'Online');
    }),
    check('WIRE14', 'a line has at most 8,000 characters', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      await chat.line('x'.repeat(8_000));
      const event = { ...LINE.event, text: 'x'.repeat(8_001) };
      (await chat.post('/events', { event })).refuses(400);
    }),
    check('WIRE14', 'a line needs a text, and the only state to set is ended', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      (await chat.post('/events', { event: { '@type': 'line' } })).refuses(400);
      const waiting = { event: { '@type': 'state', state: 'waiting' } };
      (await chat.post('/events', waiting)).refuses(400);
    }),
  ],
};

export const errors: Chapter = {
  title: 'Errors',
  checks: [
    check(
      'ERR4',
      'an error has time, message, internalCode and responseStatus',
      async (fixture) => {
        const answer = (await fixture.visitor.get('/chat/H1-0K1')).is(404);
        const time = /^[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d [AP]M$/;
        answer.has('error.time', time).has('error.message', aText);
        answer.has('error.internalCode', aWholeNumber).has('error.responseStatus', 'NOT_FOUND');
      },
    ),
    check('ERR3', 'responseStatus is the word of the status', async (fixture) => {
      const agent = await fixture.session();
      const words = [
        [await fixture.visitor.get('/chat/availability?v=99'), 400, 'BAD_REQUEST'],
        [await fixture.ask('GET', '/agentSession/1'), 401, 'UNAUTHORIZED'],
        [await agent.post('/incomingRequests', {}), 404, 'NOT_FOUND'],
      ] as const;
      for (const [answer, status, word] of words) {
        answer.refuses(status).has('error.responseStatus', word);
      }
    }),
    check('ERRDOC1', 'XML callers get the same as an XML document', async (fixture) => {
      const answer = await fixture.visitor.get('/chat/H1-0K1', { Accept: 'application/xml' });
      const root = answer.is(404).xml();
      const status = elementAt(root, 'responseStatus')?.text;
      if (root.name !== 'error' || status !== 'NOT_FOUND') {
        throw answer.mismatch('body', '<error> with <responseStatus>NOT_FOUND', answer.text);
      }
    }),
    check('ERRDOC2', 'a wrong query parameter is 400 and named with its value', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      for (const from of ['-1', 'x', '1.5']) {
        const answer = (await chat.get(`/events?from=${from}`)).refuses(400);
        answer.has('error.message', containing('from')).has('error.message', containing(from));
      }
    }),
    check(
      'ERRDOC3',
      'accepting when nothing rings is 404 with an error document',
      async (fixture) => {
        const agent = await fixture.session();
        (await agent.post('/incomingRequests', {})).refuses(404);
      },
    ),
    check('ERRDOC4', 'an ended chat takes no line and no second end: 409', async (fixture) => {
      const { chat, visitor } = await fixture.acceptedChat();
      (await chat.end()).is(201);
      for (const party of [chat, visitor]) {
        (await party.post('/events', LINE)).refuses(409);
        (await party.end()).refuses(409);
      }
    }),
    check(
      'ERRDOC1',
      'what is found before any resource is an error document too',
      async (fixture) => {
        const headers = fixture.key();
        const body = `{"request":{"visitorName":"${'x'.repeat(300 * 1024)}"}}`;
        const answer = await fixture.ask('POST', '/chat/request?v=1', { headers, body });
        answer.is(413).has('error.responseStatus', aText).has('error.message', aText);
        (await fixture.visitor.get('/chat/availability')).has('availability', oneOf(true, false));
      },
    ),
  ],
};
