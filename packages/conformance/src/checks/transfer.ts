/** Giving a chat to somebody else. */
import { members, valueAt } from '../answer.js';
import { type Chapter, check } from '../check.js';
import { Skipped } from '../outcome.js';
import type { Fixture, AcceptedChat } from '../scenario.js';
import type { AgentSession } from '../actors.js';

/** An agent in a chat, and a colleague who could take it. */
async function acceptedBeside(
  fixture: Fixture,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<AcceptedChat & { readonly other: AgentSession }> {
  const accepted = await fixture.acceptedChat(fields);
  return { ...accepted, other: await fixture.session('agent2') };
}

const toSkill = (id: string, text?: string) => ({
  transfer: { skill: { id: Number(id) }, ...(text === undefined ? {} : { text }) },
});
const toAgent = (id: string) => ({ transfer: { agent: { id: Number(id) } } });

export const transfer: Chapter = {
  title: 'Transfer',
  checks: [
    check(
      'XFER20',
      'the skills to transfer to are those another agent is online for',
      async (fixture) => {
        const { id, name } = fixture.skill();
        const { chat, other } = await acceptedBeside(fixture);
        const answer = (await chat.get('/transfer')).is(200);
        const found = members(answer.at('transfer.skill')).find(
          (each) => valueAt(each, 'id') === id,
        );
        if (valueAt(found, 'name') !== name || valueAt(found, 'onlineAgents') !== '1') {
          throw answer.mismatch('transfer.skill', `${id} ${name}, onlineAgents "1"`, answer.text);
        }
        await other.become('Away');
        const none = (await chat.get('/transfer')).is(200);
        if (members(none.at('transfer.skill')).length > 0) {
          throw none.mismatch('transfer.skill', 'none: nobody else is online', none.text);
        }
      },
    ),
    check(
      'XFER21',
      'to a skill: 200; another agent who holds it is rung and reads the text',
      async (fixture) => {
        const { id, name } = fixture.skill();
        const { chat, other, visitor } = await acceptedBeside(fixture);
        const next = (await visitor.feed()).length;
        (await chat.post('/transfer', toSkill(id, 'wants a refund'))).is(200);
        const taken = await other.accept();
        await visitor.shows(['system 15', 'waiting', 'chatting', 'system 3'], next);
        (await taken.get('/info')).has('info.skillId', Number(id)).has('info.skillName', name);
        const hidden = (await taken.feed()).filter(({ subType }) => subType === 'ONLY_TO_REP');
        if (!hidden.some(({ text }) => text === 'wants a refund')) {
          throw (await taken.get('/events')).mismatch(
            'hidden lines',
            'wants a refund',
            'none like it',
          );
        }
      },
    ),
    check('XFER22', 'to an agent: line 13, and that agent is rung', async (fixture) => {
      const { chat, other, visitor } = await acceptedBeside(fixture);
      const next = (await visitor.feed()).length;
      (await chat.post('/transfer', toAgent(fixture.facts('agent2').id))).is(200);
      const taken = await other.accept();
      await visitor.shows(['system 13', 'waiting', 'chatting', 'system 3'], next);
      (await taken.get('/info')).has('info.agentId', Number(fixture.facts('agent2').id));
    }),
    check('XFER23', 'both given, the agent wins', async (fixture) => {
      const { id } = fixture.skill();
      const { chat, other, visitor } = await acceptedBeside(fixture);
      const next = (await visitor.feed()).length;
      const agent = { id: Number(fixture.facts('agent2').id) };
      (await chat.post('/transfer', { transfer: { skill: { id: Number(id) }, agent } })).is(200);
      await other.rings();
      await visitor.shows(['system 13', 'waiting'], next);
    }),
    check(
      'XFER24',
      'the former agent’s address of the chat is 404 to reading, 409 to writing',
      async (fixture) => {
        const { chat, other } = await acceptedBeside(fixture);
        (await chat.post('/transfer', toAgent(fixture.facts('agent2').id))).is(200);
        await other.accept();
        for (const path of ['', '/events', '/info', '/transfer'])
          (await chat.get(path)).refuses(404);
        const line = { event: { '@type': 'line', text: 'one more thing' } };
        (await chat.post('/events', line)).refuses(409);
      },
    ),
    check(
      'XFER25',
      'to a skill that nobody else is online for: 409, and the chat stays',
      async (fixture) => {
        const { id } = fixture.skill();
        const { chat } = await fixture.acceptedChat();
        const before = await chat.story();
        (await chat.post('/transfer', toSkill(id))).refuses(409);
        await chat.shows(before);
      },
    ),
    check('XFER25', 'to an agent who is not there: 409, and the chat stays', async (fixture) => {
      const { chat, other } = await acceptedBeside(fixture);
      const before = await chat.story();
      await other.become('Away');
      (await chat.post('/transfer', toAgent(fixture.facts('agent2').id))).refuses(409);
      await chat.shows(before);
    }),
    check('XFER26', 'neither skill nor agent is 400', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      (await chat.post('/transfer', { transfer: {} })).refuses(400);
      (await chat.post('/transfer', { transfer: { skill: { id: 'x' } } })).refuses(400);
    }),
    check(
      'XFER2',
      'a chat given to a skill does not come back to the giver while there is another',
      async (fixture) => {
        const { id } = fixture.skill();
        const { agent, chat, other } = await acceptedBeside(fixture);
        (await chat.post('/transfer', toSkill(id))).is(200);
        await other.rings();
        (await agent.get('/incomingRequests')).has('incomingRequests.ringingCount', '0');
      },
    ),
    check(
      'AVAIL2',
      'an Occupied agent is rung for a chat that is transferred to their skill',
      async (fixture) => {
        const { id } = fixture.skill();
        const { chat, other } = await acceptedBeside(fixture);
        await other.become('Occupied');
        (await chat.post('/transfer', toSkill(id))).is(200);
        await other.rings();
      },
    ),
    check('XFER1', 'the chat has the new skill from then on', async (fixture) => {
      const [first, second] = fixture.skills();
      if (first === undefined || second === undefined) {
        throw new Skipped('it needs two skills that both agents hold');
      }
      const { chat, other } = await acceptedBeside(fixture, { skill: first.name });
      (await chat.post('/transfer', toSkill(second.id))).is(200);
      const taken = await other.accept();
      (await taken.get('/info')).has('info.skillId', Number(second.id));
    }),
  ],
};
