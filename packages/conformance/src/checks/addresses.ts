/** URLs, versions, methods and links (rules URL…). */
import { valueAt } from '../answer.js';
import { type Chapter, check } from '../check.js';
import { beginning, containing, oneOf } from '../expectation.js';
import { Mismatch } from '../outcome.js';

/** Every address in a document. */
function addressesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(addressesIn);
  if (typeof value !== 'object' || value === null) return [];
  const own = valueAt(value, '@href') ?? valueAt(value, 'href');
  return [...(typeof own === 'string' ? [own] : []), ...Object.values(value).flatMap(addressesIn)];
}

export const addresses: Chapter = {
  title: 'Addresses, versions, methods, links',
  checks: [
    check(
      'URL1',
      'a path that ends in .xml is answered in XML, whatever Accept says',
      async (fixture) => {
        const json = { Accept: 'application/json' };
        const xml = await fixture.visitor.get('/chat/availability.xml', json);
        xml.is(200).header('content-type', containing('xml')).xml();
      },
    ),
    check(
      'URL1',
      'a path that ends in .json is answered in JSON, whatever Accept says',
      async (fixture) => {
        const xml = { Accept: 'application/xml' };
        const json = await fixture.visitor.get('/chat/availability.json', xml);
        json
          .is(200)
          .header('content-type', containing('json'))
          .has('availability', oneOf(true, false));
      },
    ),
    check('URL2', 'a doubled ?? before the query is read as one', async (fixture) => {
      (await fixture.visitor.get('/chat/availability??v=1')).is(200);
      (await fixture.visitor.get('/chat/availability??v=99')).is(400);
    }),
    check('URL3', 'paths are case-sensitive', async (fixture) => {
      (await fixture.visitor.get('/chat/Availability')).is(404);
    }),
    check('URL3', 'parameter names are case-sensitive', async (fixture) => {
      (await fixture.visitor.get('/chat/availability?v=1&V=99')).is(200);
    }),
    check('URL4', 'parameters that mean nothing are ignored', async (fixture) => {
      (await fixture.visitor.get('/chat/availability?v=1&__d=7&cs=x')).is(200);
    }),
    check('SEC32', 'a doubled slash in a path is read as one', async (fixture) => {
      (await fixture.visitor.get('/chat//availability'))
        .is(200)
        .has('availability', oneOf(true, false));
    }),
    check('URL5', 'an unknown path is 404 with an error document', async (fixture) => {
      (await fixture.visitor.get('/chat/availability/of/nothing')).refuses(404);
    }),
    check('VER1', 'v may be 1, 1.0 or absent', async (fixture) => {
      const headers = fixture.key();
      for (const query of ['', '?v=1', '?v=1.0']) {
        (await fixture.ask('GET', `/chat/availability${query}`, { headers })).is(200);
      }
    }),
    check('VER2', 'an unsupported v is 400 and names the supported ones', async (fixture) => {
      const answer = await fixture.visitor.get('/chat/availability?v=99');
      answer.refuses(400).has('error.message', containing('1.0'));
    }),
    check(
      'METHOD1',
      'PUT is possible as itself and as POST with X-HTTP-Method-Override',
      async (fixture) => {
        const agent = await fixture.session();
        const away = { availability: { chat: 'Away' } };
        (await agent.put('/availability', away)).is(200);
        (await agent.get('/availability')).has('availability.chat', 'Away');
        const online = { availability: { chat: 'Online' } };
        const override = { 'X-HTTP-Method-Override': 'PUT' };
        (await agent.post('/availability', online, override)).is(200);
        (await agent.get('/availability')).has('availability.chat', 'Online');
      },
    ),
    check('METHOD1', 'DELETE is possible as POST with X-HTTP-Method-Override', async (fixture) => {
      const agent = await fixture.session();
      const override = { 'X-HTTP-Method-Override': 'DELETE' };
      (await agent.post('', undefined, override)).is(200, 204);
      (await agent.get()).is(404);
    }),
    check(
      'METHOD3',
      'a method that a resource does not have is 405 with Allow',
      async (fixture) => {
        const answer = await fixture.visitor.call('DELETE', '/chat/availability');
        answer.refuses(405).header('allow', containing('GET'));
      },
    ),
    check(
      'LINK1',
      'links are absolute, on the scheme and host that the client used',
      async (fixture) => {
        const { agent, chat, visitor } = await fixture.acceptedChat();
        const base = await fixture.visitor.get();
        for (const answer of [await agent.get(), await chat.get(), await visitor.get(), base]) {
          const found = addressesIn(answer.is(200).body);
          if (found.length === 0) throw answer.mismatch('links', 'some', 'none');
          const other = found.find((href) => !href.startsWith(`${fixture.api}`));
          if (other !== undefined)
            throw answer.mismatch('a link', beginning(fixture.api).words, other);
        }
      },
    ),
    check('LINK2', 'Location is the link of the body', async (fixture) => {
      const opened = (await fixture.user().post('/agentSession')).is(201);
      const session = opened.link('agentSessionLocation.link', 'location');
      const agent = fixture.sessionAt(session);
      opened.header('location', session);
      const asked = await fixture.visitor.post('/chat/request', { request: {} });
      const visitor = fixture.chatOf(asked);
      asked.header('location', asked.link('chatLocation.link', 'location'));
      await agent.rings();
      const accepted = (await agent.post('/incomingRequests', {})).is(201);
      accepted.header('location', accepted.link('chatLocation.link', 'location'));
      const line = await visitor.line('hello');
      line.header('location', line.link('chatEventLocation.link', 'location'));
    }),
    check('LINK3', 'no link carries v or NC, although the client sent both', async (fixture) => {
      const { agent, chat, visitor } = await fixture.acceptedChat();
      const of = [agent, chat, visitor, chat.at(`${chat.uri}/info`)];
      for (const caller of of) {
        const answer = (await caller.get()).is(200);
        const bad = addressesIn(answer.body).find((href) => /[?&](v|NC)=/.test(href));
        if (bad !== undefined) throw answer.mismatch('a link', 'no v, no NC', bad);
      }
    }),
    check(
      'LINK6',
      'next already has a query, to which &v=1&NC=true is appended',
      async (fixture) => {
        const { chat } = await fixture.acceptedChat();
        const events = (await chat.get('/events')).is(200);
        const next = events.link('events.link', 'next');
        if (!next.includes('?')) throw events.mismatch('link next', 'a query, like ?from=4', next);
        const more = (await chat.get(`${next}&v=1&NC=true`)).is(200);
        more.lacks('events.event');
      },
    ),
    check(
      'URL6',
      'a path that cannot be decoded is refused and disturbs nobody',
      async (fixture) => {
        const answer = await fixture.ask('GET', '/chat/%E0%A4%A', { headers: fixture.key() });
        if (answer.status < 400 || answer.status >= 500) {
          throw new Mismatch('status', '400 or 404', String(answer.status), answer);
        }
        (await fixture.visitor.get('/chat/availability')).is(200);
      },
    ),
  ],
};
