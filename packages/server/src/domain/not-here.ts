/**
 * What clients of the original API ask of services that the Domain API names and that Parley does not
 * have: they get an answer that says so, in place of "there is nothing here".
 */

/** By the path that is asked for; the first that fits is answered. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /^\/interaction_history\//,
    'Parley has no engagement history API (service engHistDomain): chats can be read by their agent and visitor until 30 minutes after their end, and by visitors’ earlier chats after that.',
  ],
  [
    /^\/operations\/api\//,
    'Parley has no API of operations figures (service leDataReporting): live chats and queues are at …/supervision/chats.',
  ],
  [
    /^\/(?:messaging_history|conversation-builder)\/|^\/api\/account\/[^/]+\/messaging\//,
    'Parley does not speak the Messaging API: it serves the Chat Agent API and the Server Chat API.',
  ],
  [
    /^\/(?:api|csdr)\/account\/[^/]+\/(?:feed|visitorFeed)\b|^\/visitorFeed\b/,
    'Parley has no feed of all visitors (service visitorFeed): a visit is read with its chat, or by …/monitoring/visitors/{visitorId}/visits/current/state.',
  ],
  [
    /^\/(?:a|le|login|adminlogin|liveengage|hc)(?:\/|$)/i,
    'Parley has no pages of the original’s workspace or administration (services adminArea, adminlogin, liveEngage, liveEngageUI): agents work by API, accounts are administered by …/configuration and the command parley.',
  ],
];

/** Why there is nothing at a path where clients of the original expect something; null for other paths. */
export function reasonNotHere(path: string): string | null {
  return REASONS.find(([pattern]) => pattern.test(path))?.[1] ?? null;
}
