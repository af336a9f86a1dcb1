/** Holds a history against the contract: nothing here knows how a server works. */
import type { History } from '../history/format.js';
import { Accepts } from './accepts.js';
import { Calls } from './calls.js';
import { Configuration } from './configuration.js';
import { Course } from './course.js';
import { Feed } from './feed.js';
import { QuietChecker } from './quiet.js';
import { Requests } from './requests.js';
import { Sessions } from './sessions.js';

/** @returns what is wrong with it, in words; nothing when every promise was kept. */
export function check(history: History): string[] {
  const { header } = history;
  const calls = new Calls(history);
  const sessions = new Sessions(calls);
  const requests = new Requests(calls);
  const courses = new Map(
    requests.chats().map((chat) => [chat.chat, new Course(new Feed(chat), header)]),
  );
  for (const course of courses.values()) {
    course.checkAgents(sessions);
    course.checkReasons(sessions);
  }
  const accepts = new Accepts(calls, courses, sessions);
  accepts.check(header);
  sessions.check();
  const quiet = new QuietChecker(calls, requests, courses, sessions, header);
  quiet.check();
  const configuration = new Configuration(calls);
  configuration.check();
  return [
    ...calls.complaints,
    ...requests.problems,
    ...[...courses.values()].flatMap(({ feed, problems }) => [...feed.problems, ...problems]),
    ...accepts.problems,
    ...sessions.problems,
    ...quiet.problems,
    ...configuration.problems,
  ];
}
