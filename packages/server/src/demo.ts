/** The demo account: one of everything, with passwords that everybody knows. */
import { type ConfigChange, type Store, StoreConflict, StoreDamage } from '@parley/store';
import { hashPassword } from '@parley/configuration/secrets/password';
import { type BotKeySecrets, keptSecrets } from '@parley/configuration/secrets/app-key-secrets';
import type { SecretBox } from '@parley/configuration/secrets/secret-box';
import { creation } from '@parley/configuration/records/record-changes';

export const DEMO_ACCOUNT = '12345678';

/** Password of every demo user but the bot, which logs in by its keys or with this too. */
export const DEMO_PASSWORD = 'parley-demo';

/** What a visitor's page sends. */
export const DEMO_VISITOR_KEY = 'parley-demo-visitor-key';

/** bot1's login without a password: key and secret, access token and its secret. */
export const DEMO_BOT_KEY = {
  username: 'bot1',
  appKey: 'parley-demo-bot-key',
  secret: 'parley-demo-bot-secret',
  accessToken: 'parley-demo-bot-token',
  accessTokenSecret: 'parley-demo-bot-token-secret',
} as const;

/** The same for clients that log in as an OAuth 2 client: any text stands for the tokens. */
export const DEMO_BOT_CLIENT = {
  username: 'bot1',
  appKey: 'parley-demo-bot-client',
  secret: 'parley-demo-bot-client-secret',
} as const;

/** Chats at once: enough to try routing out, few enough to see an agent become full. */
const AGENT_MAX_CHATS = 10;
const BOT_MAX_CHATS = 50;

const GROUP = { id: 1, name: 'Main Group' } as const;
const SKILLS = [
  { id: 11, name: 'Sales', description: 'Questions before buying' },
  { id: 12, name: 'Support', description: 'Questions after buying' },
] as const;
const BOT_ID = 103;

/** The users' ids and login names. */
export const DEMO_USERS = [
  { id: 101, loginName: 'agent1', fullName: 'Anna Agent', nickname: 'Anna' },
  { id: 102, loginName: 'agent2', fullName: 'Ben Agent', nickname: 'Ben' },
  { id: BOT_ID, loginName: 'bot1', fullName: 'Demo Bot', nickname: 'Parley Bot' },
  { id: 104, loginName: 'manager1', fullName: 'Mia Manager', nickname: 'Mia' },
  { id: 105, loginName: 'admin1', fullName: 'Alex Administrator', nickname: 'Alex' },
] as const;

/**
 * Makes the demo account unless it is there; what is there is kept, whatever became of it.
 * @param now epoch ms
 * @param secrets what the demo bot's secrets are kept in
 */
export async function ensureDemo(store: Store, now: number, secrets: SecretBox): Promise<void> {
  try {
    await store.accounts.create({ id: DEMO_ACCOUNT, createdAt: now });
  } catch (error) {
    if (!(error instanceof StoreConflict)) throw error;
  }
  // Everything is written at once, so either all of it is there or a stop came in between.
  if (await hasConfiguration(store)) return;
  await store.config.write(DEMO_ACCOUNT, {
    changes: await demoRecords(secrets, now),
    audit: [
      {
        at: now,
        actor: 'demo',
        action: 'account.create',
        target: `account:${DEMO_ACCOUNT}`,
        from: 'localhost',
        detail: '{}',
      },
    ],
  });
}

async function hasConfiguration(store: Store): Promise<boolean> {
  try {
    return Object.keys((await store.config.load(DEMO_ACCOUNT)).revisions).length > 0;
  } catch (error) {
    // A damaged account is reported when it is loaded, and keeps the others from nothing.
    if (error instanceof StoreDamage) return true;
    throw error;
  }
}

/** Whether the store holds the demo account with its public keys, and it can be served. */
export async function containsDemo(store: Store): Promise<boolean> {
  try {
    if ((await store.accounts.get(DEMO_ACCOUNT)) === null) return false;
    const { items } = await store.config.list(DEMO_ACCOUNT, 'appKey');
    return items.some(({ nameKey }) => nameKey === DEMO_VISITOR_KEY);
  } catch (error) {
    if (error instanceof StoreDamage) return false;
    throw error;
  }
}

async function demoRecords(secrets: SecretBox, now: number): Promise<ConfigChange[]> {
  // One salt for all: the password is public anyway, and hashing it five times takes its time.
  const passwordHash = await hashPassword(DEMO_PASSWORD);
  return [
    creation('agentGroup', { name: GROUP.name }, GROUP.id),
    ...SKILLS.map(({ id, ...skill }) => creation('skill', { ...skill, maxWaitTime: 120 }, id)),
    ...DEMO_USERS.map(({ id, ...names }) => demoUser(id, names, { passwordHash, now })),
    creation('appKey', {
      kind: 'visitor',
      key: DEMO_VISITOR_KEY,
      secretHash: null,
      accessToken: null,
      accessTokenSecretHash: null,
      userId: null,
      trusted: false,
    }),
    botKey(secrets, DEMO_BOT_KEY),
    botKey(secrets, { ...DEMO_BOT_CLIENT, accessToken: null, accessTokenSecret: null }),
  ];
}

function botKey(secrets: SecretBox, key: BotKeySecrets): ConfigChange {
  const kept = keptSecrets(secrets, DEMO_ACCOUNT, key);
  return creation('appKey', { ...kept, kind: 'agent', userId: BOT_ID, trusted: false });
}

type DemoUser = (typeof DEMO_USERS)[number];

const ROLES = {
  agent1: ['agent'],
  agent2: ['agent'],
  bot1: ['agent'],
  manager1: ['manager', 'agent'],
  admin1: ['administrator'],
} as const satisfies Record<DemoUser['loginName'], readonly string[]>;

interface Start {
  readonly passwordHash: string;
  /** Epoch ms. */
  readonly now: number;
}

function demoUser(
  id: number,
  names: Omit<DemoUser, 'id'>,
  { passwordHash, now }: Start,
): ConfigChange {
  const works = names.loginName.startsWith('agent') || id === BOT_ID;
  return creation(
    'user',
    {
      ...names,
      email: `${names.loginName}@example.com`,
      kind: id === BOT_ID ? 'bot' : 'human',
      enabled: true,
      maxChats: id === BOT_ID ? BOT_MAX_CHATS : AGENT_MAX_CHATS,
      skillIds: works ? SKILLS.map((skill) => skill.id) : [],
      groupId: GROUP.id,
      groupSince: now,
      roles: ROLES[names.loginName],
      managerOf: names.loginName === 'manager1' ? [{ groupId: GROUP.id, since: now }] : [],
      passwordHash,
      passwordChangedAt: now,
      mustChangePassword: false,
    },
    id,
  );
}
