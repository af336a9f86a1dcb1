/** Available agents and slots, for agents. */
import { type Answer, members, valueAt } from '../answer.js';
import { type Chapter, check } from '../check.js';
import { aText, aWholeNumber, oneOf } from '../expectation.js';
import type { Fixture, Who } from '../scenario.js';

/** The place of an agent in the list. @throws Mismatch when it is not listed. */
function placeOf(answer: Answer, fixture: Fixture, who: Who = 'agent'): string {
  const path = 'availableAgents.agents.agent';
  const { id } = fixture.facts(who);
  const all = members(answer.is(200).at(path));
  const place = all.findIndex((each) => String(valueAt(each, '@id')) === id);
  if (place >= 0) return `${path}.${place}`;
  throw answer.mismatch(path, `agent ${id}`, `${all.length} others`);
}

function lists(answer: Answer, fixture: Fixture, who: Who): boolean {
  const { id } = fixture.facts(who);
  return members(answer.is(200).at('availableAgents.agents.agent')).some(
    (each) => String(valueAt(each, '@id')) === id,
  );
}

function expectListed(answer: Answer, fixture: Fixture, who: Who, expected: boolean): void {
  if (lists(answer, fixture, who) === expected) return;
  const { id } = fixture.facts(who);
  const [wanted, got] = expected ? ['listed', 'not listed'] : ['not listed', 'listed'];
  throw answer.mismatch(`agent ${id}`, wanted, got);
}

export const colleagues: Chapter = {
  title: 'Colleagues',
  checks: [
    check(
      'AGENT21',
      'available agents are all agents of the account, online or not',
      async (fixture) => {
        const agent = await fixture.session();
        const answer = await agent.get('/availableAgents');
        expectListed(answer, fixture, 'agent', true);
        expectListed(answer, fixture, 'agent2', true);
      },
    ),
    check('AGENT21', 'an agent is shown with names, group, skills and chats', async (fixture) => {
      const { agent } = await fixture.acceptedChat();
      const answer = await agent.get('/availableAgents');
      const at = placeOf(answer, fixture);
      for (const key of ['userName', 'nickname', 'privilegeGroup', 'agentGroupName']) {
        answer.has(`${at}.${key}`, aText);
      }
      answer.has(`${at}.@maxChats`, /^(-1|\d+)$/).has(`${at}.agentGroupId`, /^-?\d+$/);
      answer.has(`${at}.chats`, 1).has(`${at}.elapsedTimeInState`, /^\d+$/);
    }),
    check(
      'AGENT22',
      'states are numbers: 1 Offline, 2 Online, 3 Occupied, 4 Away',
      async (fixture) => {
        const agent = await fixture.session();
        for (const [state, number] of [
          ['Online', '2'],
          ['Occupied', '3'],
          ['Away', '4'],
        ] as const) {
          await agent.become(state);
          const answer = await agent.get('/availableAgents');
          answer.has(`${placeOf(answer, fixture)}.@chatState`, number);
          answer.has(`${placeOf(answer, fixture)}.@voiceState`, '1');
        }
      },
    ),
    check('AGENT22', 'an agent without a session is Offline', async (fixture) => {
      fixture.facts('agent2');
      const agent = await fixture.session();
      const answer = await agent.get('/availableAgents');
      answer.has(`${placeOf(answer, fixture, 'agent2')}.@chatState`, '1');
    }),
    check('AGENT25', 'skills are ids in skills and names in skillsInfo', async (fixture) => {
      const { id, name } = fixture.skill();
      const agent = await fixture.session();
      const answer = await agent.get('/availableAgents');
      const at = placeOf(answer, fixture);
      const ids = members(answer.at(`${at}.skills.skill`)).map(String);
      const names = members(answer.at(`${at}.skillsInfo.skillInfo`)).map((each) =>
        String(valueAt(each, 'name')),
      );
      if (!ids.includes(id)) throw answer.mismatch(`${at}.skills`, id, ids.join(', '));
      if (!names.includes(name)) throw answer.mismatch(`${at}.skillsInfo`, name, names.join(', '));
    }),
    check('AGENT26', 'skill and chatState narrow the list', async (fixture) => {
      const agent = await fixture.session();
      const { name } = fixture.skill();
      const skill = `skill=${encodeURIComponent(name)}`;
      const bySkill = await agent.get(`/availableAgents?${skill}`);
      expectListed(bySkill, fixture, 'agent', true);
      expectListed(await agent.get('/availableAgents?chatState=Online'), fixture, 'agent', true);
      expectListed(await agent.get('/availableAgents?chatState=Away'), fixture, 'agent', false);
    }),
    check(
      'AGENT27',
      'next answers the agents whose state changed since, and a new next',
      async (fixture) => {
        const agent = await fixture.session();
        const other = await fixture.session('agent2');
        const first = (await agent.get('/availableAgents')).is(200);
        const next = first.link('availableAgents.link', 'next');
        if (!next.includes('timeStamp='))
          throw first.mismatch('availableAgents.link next', '?timeStamp=…', next);
        await other.become('Away');
        const changes = await agent.get(next);
        expectListed(changes, fixture, 'agent2', true);
        changes.has(`${placeOf(changes, fixture, 'agent2')}.@chatState`, '4');
        changes.link('availableAgents.link', 'next');
      },
    ),
    check(
      'AGENT28',
      'slots for a skill go down with each chat, unless there is no cap',
      async (fixture) => {
        fixture.needsRoomFor(1);
        const agent = await fixture.session();
        const path = `/chat/availableSlots?skill=${encodeURIComponent(fixture.skill().name)}`;
        const before = (await agent.get(path)).is(200).has('availableSlots', aWholeNumber);
        const free = Number(before.at('availableSlots'));
        await fixture.chat({ skill: fixture.skill().name });
        await agent.rings();
        (await agent.get(path)).has('availableSlots', free === -1 ? -1 : free - 1);
      },
    ),
    check('AGENT28', 'nobody online has no slots', async (fixture) => {
      const agent = await fixture.session();
      await agent.become('Away');
      (await agent.get('/chat/availableSlots')).is(200).has('availableSlots', 0);
    }),
    check('AGENT29', 'slots of one agent; what is unknown is 400', async (fixture) => {
      const agent = await fixture.session();
      const { maxChats } = fixture.facts();
      const name = encodeURIComponent(fixture.credentials().username);
      const own = await agent.get(`/chat/availableSlots?agent=${name}`);
      own.is(200).has('availableSlots', oneOf(maxChats));
      (await agent.get('/chat/availableSlots?skill=no%20such%20skill')).refuses(400);
      (await agent.get('/chat/availableSlots?agent=no-such-agent')).refuses(400);
    }),
  ],
};
