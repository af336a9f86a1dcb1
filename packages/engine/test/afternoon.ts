/**
 * An afternoon in a contact centre, drawn from a seed: 20 agents with 5 skills among them, 300
 * visitors of whom most come at once, lunch, rings that nobody hears, laptops that are closed in the
 * middle of a chat, visitors who give up. It runs on the engine alone, with a clock of its own.
 */
import { agent } from './account.js';
import { Fixture } from './fixture.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const AGENTS = 20;
const SKILLS = [10, 11, 12, 13, 14] as const;
const VISITORS = 300;

/** What estimate a visitor was given when they came, and what came of it, in seconds. */
export interface Estimated {
  readonly skillId: number;
  /** The estimate before the chat was requested; -1 and -2 as on the wire. */
  readonly estimated: number;
  /** Until an agent accepted; null for who gave up. */
  readonly waited: number | null;
  /** What a mean of the last half hour's waits would have said; -2 with fewer than five. */
  readonly mean: number;
}

/** Uniform in [0, 1), the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Runs the afternoon.
 * @param estimate what a visitor of a skill is given now, seconds
 */
export function afternoon(
  seed: number,
  estimate: (fixture: Fixture, skillId: number) => number,
): readonly Estimated[] {
  const random = randomFrom(seed);
  const between = (low: number, high: number) => low + random() * (high - low);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const ids = Array.from({ length: AGENTS }, (_, index) => index + 1);
  const fixture = new Fixture({
    skills: SKILLS.map((id) => ({ id, name: `Skill ${id}`, maxWaitTime: 7200 })),
    users: ids.map((id) => {
      const first = SKILLS[id % SKILLS.length] ?? 10;
      const second = SKILLS[(id * 3 + 1) % SKILLS.length] ?? 11;
      return agent(id, {
        maxChats: 1 + (id % 2),
        skillIds: id % 3 === 0 ? [first, second] : [first],
      });
    }),
  });
  const start = fixture.now;

  const agenda: { at: number; readonly act: () => void }[] = [];
  const later = (ms: number, act: () => void) => {
    agenda.push({ at: fixture.now + ms, act });
  };
  const visitors: {
    skillId: number;
    estimated: number;
    waited: number | null;
    mean: number;
    chatId: string;
    at: number;
  }[] = [];
  const answering = new Set<string>();
  const accepted: { at: number; skillId: number; waited: number }[] = [];

  const present = (id: number) => fixture.state.sessionOfUser.get(id);

  /** Whoever is being rung picks up after some seconds, or does not hear it. */
  const hear = () => {
    for (const session of fixture.state.sessions.values()) {
      for (const chatId of session.ringing) {
        const key = `${session.id} ${chatId} ${fixture.chat(chatId).seq}`;
        if (answering.has(key)) continue;
        answering.add(key);
        if (random() < 0.06) {
          // Turns Away by itself, and comes back when it is noticed.
          later(between(1, 6) * MINUTE, () => {
            if (present(session.userId)?.availability === 'Away')
              fixture.set(session.userId, 'Online');
          });
          continue;
        }
        later(between(3, 12) * SECOND, () => pickUp(session.userId, chatId));
      }
    }
  };

  const pickUp = (userId: number, chatId: string) => {
    const most = present(userId)?.ringing.length ?? 0;
    for (let taken = 0; taken < most && present(userId)?.ringing.includes(chatId); taken += 1) {
      const got = fixture.accept(userId);
      const entry = visitors.find((each) => each.chatId === got);
      if (entry !== undefined && entry.waited === null) {
        entry.waited = (fixture.now - entry.at) / SECOND;
        accepted.push({ at: fixture.now, skillId: entry.skillId, waited: entry.waited });
      }
      // Log-normal: half of the chats take less than eight minutes, some take half an hour.
      later(Math.exp(Math.log(8 * MINUTE) + 0.6 * normal()), () => {
        if (fixture.state.chats.get(got)?.phase.name === 'active') fixture.end(got);
      });
    }
  };

  const come = (skillId: number) => {
    const recent = accepted.filter(
      (each) => each.skillId === skillId && each.at >= fixture.now - 30 * MINUTE,
    );
    const mean =
      recent.length < 5 ? -2 : recent.reduce((sum, { waited }) => sum + waited, 0) / recent.length;
    const estimated = estimate(fixture, skillId);
    const at = fixture.now;
    const chatId = fixture.request({ skill: skillId });
    visitors.push({ skillId, estimated, waited: null, mean, chatId, at });
    later(-Math.log(1 - random()) * 60 * MINUTE, () => {
      if (fixture.state.chats.get(chatId)?.phase.name === 'waiting') fixture.end(chatId);
    });
  };

  for (const id of ids) {
    later(between(0, 10) * MINUTE, () => fixture.open(id));
    // Lunch, in three shifts.
    const lunch = (40 + (id % 3) * 35 + between(-5, 5)) * MINUTE;
    later(lunch, () => present(id) && fixture.set(id, 'Away'));
    later(lunch + between(25, 40) * MINUTE, () => present(id) && fixture.set(id, 'Online'));
    // A laptop is closed: the session is lost after its grace, and opened again later.
    if (random() < 0.35) {
      const closed = between(30, 200) * MINUTE;
      later(closed, () => present(id) && fixture.close(id));
      later(closed + between(5, 20) * MINUTE, () => present(id) === undefined && fixture.open(id));
    }
  }
  for (let visitor = 0; visitor < VISITORS; visitor += 1) {
    const rush = random() < 0.6;
    const at = (rush ? between(45, 130) : between(5, 240)) * MINUTE;
    const skillId = SKILLS[Math.floor(random() ** 1.4 * SKILLS.length)] ?? 10;
    agenda.push({ at: start + at, act: () => come(skillId) });
  }

  while (agenda.length > 0) {
    let index = 0;
    for (const [each, { at }] of agenda.entries()) if (at < (agenda[index]?.at ?? 0)) index = each;
    const [next] = agenda.splice(index, 1);
    if (next === undefined) break;
    for (let due = fixture.state.deadlines.next(); due !== null && due <= next.at; ) {
      fixture.pass(Math.max(0, due - fixture.now) / SECOND);
      fixture.tick();
      hear();
      due = fixture.state.deadlines.next();
    }
    fixture.pass(Math.max(0, next.at - fixture.now) / SECOND);
    next.act();
    hear();
  }
  return visitors;
}
