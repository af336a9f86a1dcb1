/** Available agents and slots, for agents (agent.md 5 and 6). */
import { type Answer, members, valueAt } from '../answer.js';
import { type Chapter, check } from '../check.js';
import { aText, aWholeNumber, oneOf } from '../expectation.js';
import type { Scene, Who } from '../scene.js';

/** The place of an agent in the list. @throws Mismatch when it is not listed. */
function placeOf(answer: Answer, scene: Scene, who: Who = 'agent'): string {
  const path = 'availableAgents.agents.agent';
  const { id } = scene.facts(who);
  const all = members(answer.is(200).at(path));
  const place = all.findIndex((each) => String(valueAt(each, '@id')) === id);
  if (place >= 0) return `${path}.${place}`;
  throw answer.mismatch(path, `agent ${id}`, `${all.length} others`);
}

function lists(answer: Answer, scene: Scene, who: Who): boolean {
  const { id } = scene.facts(who);
  return members(answer.is(200).at('availableAgents.agents.agent')).some(
    (each) => String(valueAt(each, '@id')) === id,
  );
}

function expectListed(answer: Answer, scene: Scene, who: Who, expected: boolean): void {
  if (lists(answer, scene, who) === expected) return;
  const { id } = scene.facts(who);
  const [wanted, got] = expected ? ['listed', 'not listed'] : ['not listed', 'listed'];
  throw answer.mismatch(`agent ${id}`, wanted, got);
}

export const colleagues: Chapter = {
  title: 'Colleagues',
  checks: [
    check(
      'AGENT21',
      'available agents are all agents of the account, online or not',
      async (scene) => {
        const agent = await scene.session();
        const answer = await agent.get('/availableAgents');
        expectListed(answer, scene, 'agent', true);
        expectListed(answer, scene, 'agent2', true);
      },
    ),
    check('AGENT21', 'an agent is told with names, group, skills and chats', async (scene) => {
      const { agent } = await scene.talk();
      const answer = await agent.get('/availableAgents');
      const at = placeOf(answer, scene);
      for (const key of ['userName', 'nickname', 'privilegeGroup', 'agentGroupName']) {
        answer.has(`${at}.${key}`, aText);
      }
      answer.has(`${at}.@maxChats`, /^(-1|\d+)$/).has(`${at}.agentGroupId`, /^-?\d+$/);
      answer.has(`${at}.chats`, 1).has(`${at}.elapsedTimeInState`, /^\d+$/);
    }),
    check(
      'AGENT22',
      'states are numbers: 1 Offline, 2 Online, 3 Occupied, 4 Away',
      async (scene) => {
        const agent = await scene.session();
        for (const [state, number] of [
          ['Online', '2'],
          ['Occupied', '3'],
          ['Away', '4'],
        ] as const) {
          await agent.become(state);
          const answer = await agent.get('/availableAgents');
          answer.has(`${placeOf(answer, scene)}.@chatState`, number);
          answer.has(`${placeOf(answer, scene)}.@voiceState`, '1');
        }
      },
    ),
    check('AGENT22', 'an agent without a session is Offline', async (scene) => {
      scene.facts('agent2');
      const agent = await scene.session();
      const answer = await agent.get('/availableAgents');
      answer.has(`${placeOf(answer, scene, 'agent2')}.@chatState`, '1');
    }),
    check('AGENT25', 'skills are ids in skills and names in skillsInfo', async (scene) => {
      const { id, name } = scene.skill();
      const agent = await scene.session();
      const answer = await agent.get('/availableAgents');
      const at = placeOf(answer, scene);
      const ids = members(answer.at(`${at}.skills.skill`)).map(String);
      const names = members(answer.at(`${at}.skillsInfo.skillInfo`)).map((each) =>
        String(valueAt(each, 'name')),
      );
      if (!ids.includes(id)) throw answer.mismatch(`${at}.skills`, id, ids.join(', '));
      if (!names.includes(name)) throw answer.mismatch(`${at}.skillsInfo`, name, names.join(', '));
    }),
    check('AGENT26', 'skill and chatState narrow the list', async (scene) => {
      const agent = await scene.session();
      const { name } = scene.skill();
      const skill = `skill=${encodeURIComponent(name)}`;
      const bySkill = await agent.get(`/availableAgents?${skill}`);
      expectListed(bySkill, scene, 'agent', true);
      expectListed(await agent.get('/availableAgents?chatState=Online'), scene, 'agent', true);
      expectListed(await agent.get('/availableAgents?chatState=Away'), scene, 'agent', false);
    }),
    check(
      'AGENT27',
      'next tells the agents whose state changed since, and a new next',
      async (scene) => {
        const agent = await scene.session();
        const other = await scene.session('agent2');
        const first = (await agent.get('/availableAgents')).is(200);
        const next = first.link('availableAgents.link', 'next');
        if (!next.includes('timeStamp='))
          throw first.mismatch('availableAgents.link next', '?timeStamp=…', next);
        await other.become('Away');
        const changes = await agent.get(next);
        expectListed(changes, scene, 'agent2', true);
        changes.has(`${placeOf(changes, scene, 'agent2')}.@chatState`, '4');
        changes.link('availableAgents.link', 'next');
      },
    ),
    check(
      'AGENT28',
      'slots for a skill go down with each chat, unless there is no cap',
      async (scene) => {
        scene.needsRoomFor(1);
        const agent = await scene.session();
        const path = `/chat/availableSlots?skill=${encodeURIComponent(scene.skill().name)}`;
        const before = (await agent.get(path)).is(200).has('availableSlots', aWholeNumber);
        const free = Number(before.at('availableSlots'));
        await scene.chat({ skill: scene.skill().name });
        await agent.rings();
        (await agent.get(path)).has('availableSlots', free === -1 ? -1 : free - 1);
      },
    ),
    check('AGENT28', 'nobody online has no slots', async (scene) => {
      const agent = await scene.session();
      await agent.become('Away');
      (await agent.get('/chat/availableSlots')).is(200).has('availableSlots', 0);
    }),
    check('AGENT29', 'slots of one agent; what is unknown is 400', async (scene) => {
      const agent = await scene.session();
      const { maxChats } = scene.facts();
      const name = encodeURIComponent(scene.credentials().username);
      const own = await agent.get(`/chat/availableSlots?agent=${name}`);
      own.is(200).has('availableSlots', oneOf(maxChats));
      (await agent.get('/chat/availableSlots?skill=no%20such%20skill')).refuses(400);
      (await agent.get('/chat/availableSlots?agent=no-such-agent')).refuses(400);
    }),
  ],
};
