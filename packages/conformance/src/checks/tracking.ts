/** Engagement, visits, visit information, surveys. */
import { type Answer, members, valueAt } from '../answer.js';
import { type Chapter, check } from '../check.js';
import { aList, aText, containing, oneOf } from '../expectation.js';
import { Skipped } from '../outcome.js';
import type { ChatSide } from '../actors.js';
import type { Fixture } from '../scenario.js';
import { hasRelations } from './sessions.js';

const VISITORS = '/app/engagement/visitors';

/** Begins a visit. */
async function engage(fixture: Fixture, body: unknown = {}): Promise<Answer> {
  return (await fixture.visitor.post(`${VISITORS}?v=1.0`, body)).is(200);
}

/** One of the documents that hang off a chat's visit. */
async function ofVisit(chat: ChatSide, rel: string): Promise<Answer> {
  const visit = (await chat.get()).is(200).link('chat.link', 'visit-id');
  const links = (await chat.get(visit)).is(200);
  return (await chat.get(links.link('visitId.link', rel))).is(200);
}

/** The pre-chat survey. @throws Skipped when the account has none. */
async function preChatSurvey(fixture: Fixture): Promise<Answer> {
  const skill = encodeURIComponent(fixture.skill().name);
  const answer = await fixture.visitor.get(`/chat/preSurvey?skill=${skill}`);
  if (answer.status === 404) throw new Skipped('the account has no pre-chat survey');
  return answer.is(200);
}

function isSurvey(answer: Answer): void {
  answer.has('survey.id', /^\d+$/);
  const questions = answer.at('survey.questions.question');
  if (!Array.isArray(questions) || questions.length === 0) {
    throw answer.mismatch(
      'survey.questions.question',
      'an array, of one question too',
      answer.text,
    );
  }
  for (const question of questions) {
    const text = JSON.stringify(question);
    if (!(valueAt(question, '@id') ?? valueAt(question, 'id'))) {
      throw answer.mismatch('question', 'an id', text);
    }
    if (!Array.isArray(valueAt(question, 'entry'))) {
      throw answer.mismatch('question.entry', 'an array, empty too', text);
    }
  }
}

export const tracking: Chapter = {
  title: 'Engagement, visits, surveys',
  checks: [
    check(
      'ENG1',
      'an engagement says whether somebody is there, and the ids of the visit',
      async (fixture) => {
        const alone = await engage(fixture, { appType: 'EXTERNAL', appDetails: { os: 'LINUX' } });
        alone.has('status', 'NotAvailable');
        for (const key of ['pageId', 'sessionId', 'visitorId']) alone.has(key, aText);
        await fixture.session();
        const open = await engage(fixture);
        open.has('status', 'Available').has('engagementDetails.engagementId', aText);
        open.has('engagementDetails.campaignId', aText);
      },
    ),
    check('ENG4', 'with visitor and session id the visit goes on', async (fixture) => {
      const first = await engage(fixture);
      const path = `${VISITORS}/${first.at('visitorId')}?v=1.0&sid=${first.at('sessionId')}`;
      const again = (await fixture.visitor.post(path, {})).is(200);
      again.has('sessionId', String(first.at('sessionId')));
      again.has('visitorId', String(first.at('visitorId')));
      (await fixture.visitor.put(path, {})).is(200).says('body', '');
    }),
    check('ENG2', 'no app key is asked for', async (fixture) => {
      const body = { appType: 'EXTERNAL' };
      const answer = (await fixture.ask('POST', `${VISITORS}/?v=1.0`, { body })).is(200);
      answer.has('sessionId', aText).has('visitorId', aText);
    }),
    check('ENG12', 'an unsupported version is 400 with code 33', async (fixture) => {
      (await fixture.visitor.post(`${VISITORS}?v=77`, {})).refusesBarely(400, 33);
    }),
    check('ENG7', 'an attribute of an unknown type is 400', async (fixture) => {
      const body = { engagementAttributes: [{ type: 'shoeSize', size: 42 }] };
      (await fixture.visitor.post(`${VISITORS}?v=1.0`, body)).refusesBarely(400);
    }),
    check('ENG9', 'a chat is tied to the visit that it names', async (fixture) => {
      const visit = await engage(fixture, { pages: [{ url: 'https://shop.example.com/shoes' }] });
      const { chat } = await fixture.acceptedChat({
        visitorId: visit.at('visitorId'),
        LETagVisitorId: visit.at('visitorId'),
        LETagSessionId: visit.at('sessionId'),
      });
      const info = (await chat.get('/info')).is(200);
      info.has('info.sharkSessionId', String(visit.at('sessionId')));
    }),
    check('VISIT1', 'visit information has what was reported', async (fixture) => {
      const attribute = { type: 'ctmrinfo', info: { customerId: 'c-77' } };
      const visit = await engage(fixture, { engagementAttributes: [attribute] });
      const path = `/monitoring/visitors/${visit.at('visitorId')}/visits/current/state`;
      const url = `${fixture.api}${path}?v=1&filter=agent&sid=${visit.at('sessionId')}`;
      const answer = (await fixture.user().get(url)).is(200);
      answer.has('id', aText).has('pages', aList).has('events', aList);
      answer.says('body', containing('c-77'));
    }),
    check(
      'VISIT6',
      'visit information is not for visitors; unknown visits are 404 with code 12',
      async (fixture) => {
        const visit = await engage(fixture);
        const of = (visitor: unknown, session: unknown) =>
          `${fixture.api}/monitoring/visitors/${visitor}/visits/current/state?v=1&sid=${session}`;
        (await fixture.visitor.get(of(visit.at('visitorId'), visit.at('sessionId')))).refusesBarely(
          401,
          10,
        );
        (await fixture.user().get(of('nobody', 'nothing'))).refusesBarely(404, 12);
      },
    ),
    check(
      'VISIT6',
      'a bad visitor id is 404 with code 37, a bad session id with code 39',
      async (fixture) => {
        const visit = await engage(fixture);
        const of = (visitor: unknown, session: unknown) =>
          `${fixture.api}/monitoring/visitors/${visitor}/visits/current/state?v=1&sid=${session}`;
        (await fixture.user().get(of('a%20%3Cb', visit.at('sessionId')))).refusesBarely(404, 37);
        (await fixture.user().get(of(visit.at('visitorId'), 'a%20%3Cb'))).refusesBarely(404, 39);
      },
    ),
    check(
      'VISIT8',
      'the visit is linked from the chat by the chat’s id without its middle',
      async (fixture) => {
        const { chat } = await fixture.acceptedChat();
        const answer = (await chat.get()).is(200);
        const uri = answer.link('chat.link', 'visit-id');
        const id = chat.id.replace(/-.*K/, 'K');
        if (!uri.endsWith(`/visits/visit/${id}`)) {
          throw answer.mismatch('link visit-id', `…/visits/visit/${id}`, uri);
        }
        hasRelations((await chat.get(uri)).is(200), 'visitId.link', [
          ...['info', 'custom-variables', 'pages', 'surveys'],
        ]);
      },
    ),
    check('VISIT10', 'visit info has the visitor’s address and browser', async (fixture) => {
      const userAgent =
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36';
      const { chat } = await fixture.acceptedChat({
        userAgent,
        chatReferrer: 'https://shop.example.com/',
      });
      const answer = await ofVisit(chat, 'info');
      answer.has('visitInfo.isInCurrentChat', true).has('visitInfo.isInCurrentChat', oneOf(true));
      for (const part of ['sessionInfo', 'visitorInfo', 'time']) {
        const [fact] = members(answer.at(`visitInfo.${part}.info`));
        if (typeof valueAt(fact, '@name') !== 'string' || typeof valueAt(fact, '$') !== 'string') {
          throw answer.mismatch(`visitInfo.${part}`, '{"@name":"…","$":"…"}', answer.text);
        }
      }
      const text = JSON.stringify(answer.at('visitInfo.visitorInfo'));
      if (!text.includes('Chrome')) throw answer.mismatch('visitorInfo', 'Chrome', text);
    }),
    check(
      'VISIT9',
      'a visit is for the agent of its chat, and for nobody else',
      async (fixture) => {
        const { chat } = await fixture.acceptedChat();
        const visit = (await chat.get()).is(200).link('chat.link', 'visit-id');
        const other = await fixture.session('agent2');
        (await other.get(visit)).refuses(404);
        (await other.get(`/visits/visit/${chat.id.replace(/-.*K/, 'K')}`)).refuses(404);
      },
    ),
    check(
      'VISIT15',
      'a visitor who is not authenticated has no participant info: 404',
      async (fixture) => {
        const agent = await fixture.session();
        (await agent.get('/participantExtendedInfo/nobody')).refuses(404);
      },
    ),
    check('SURV3', 'the pre-chat survey has an id and questions', async (fixture) => {
      isSurvey(await preChatSurvey(fixture));
    }),
    check('SURV10', 'answers to no survey are 400', async (fixture) => {
      const survey = { id: 987654321, question: [{ id: 1, answer: 'x' }] };
      const answer = await fixture.visitor.post('/chat/request', { request: { survey } });
      answer.refuses(400);
    }),
    check(
      'SURV2',
      'surveys that there are not are 404; those that there are can be read',
      async (fixture) => {
        const { chat, visitor } = await fixture.acceptedChat();
        for (const [caller, path] of [
          [fixture.visitor, '/chat/offlineSurvey'],
          [visitor, '/exitSurvey'],
          [chat, '/survey'],
        ] as const) {
          const answer = await caller.get(path);
          if (answer.status === 200) isSurvey(answer);
          else answer.refuses(404);
        }
      },
    ),
    check(
      'SURV11',
      'the chat’s visit has a resource for what was answered before it',
      async (fixture) => {
        const { chat } = await fixture.acceptedChat();
        const answer = await ofVisit(chat, 'surveys');
        answer.has('surveys.link.@rel', oneOf('self'));
      },
    ),
  ],
};
