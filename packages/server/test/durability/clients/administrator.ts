/** An administrator who changes the configuration at random. */
import type { RecordKind } from '../history/format.js';
import type { Random } from '../random.js';
import { type Api, idOf } from './api.js';

/** Records that are changed and never deleted: they do nothing to the chats. */
const LASTING: readonly (readonly [RecordKind, number])[] = [
  ['users', 101],
  ['users', 104],
  ['skills', 11],
  ['agentGroups', 1],
];

/** Who is disabled now and then. */
const DISABLED = 'agent2';

/** Whose password is set anew. */
const RESET = ['agent1', 'agent2'];

export class Administrator {
  readonly #name: string;
  readonly #api: Api;
  readonly #random: Random;
  #login: string | null = null;
  /** The revision of each collection when it was last seen. */
  readonly #revisions = new Map<RecordKind, number>();
  /** Skills that this one made. */
  readonly #made: number[] = [];
  /** Whether somebody may be disabled who is to be enabled again. */
  #owesEnabling = false;

  constructor(name: string, api: Api, random: Random) {
    this.#name = name;
    this.#api = api;
    this.#random = random;
  }

  async step(): Promise<void> {
    const login = await this.#ownLogin();
    if (login === null) return;
    if (this.#owesEnabling && this.#random.oneIn(3)) return this.#setEnabled(login, true);
    const choice = this.#random.weighted({
      list: 40,
      change: 40,
      make: 6,
      remove: 6,
      disable: 2,
      reset: 1,
      use: 3,
    });
    switch (choice) {
      case 'list':
        return this.list(login, this.#random.of(['users', 'skills', 'agentGroups']));
      case 'change': {
        const [kind, record] = this.#random.of(LASTING);
        return this.#write(login, kind, record, this.#api.name('stamp'));
      }
      case 'make':
        return this.#write(login, 'skills', null, this.#api.name('stamp'));
      case 'remove': {
        const record = this.#made.shift();
        if (record !== undefined) await this.#write(login, 'skills', record, null);
        return;
      }
      case 'disable':
        return this.#setEnabled(login, false);
      case 'reset':
        return this.reset();
      case 'use':
        await this.#api.use(this.#name, login);
        return;
      default:
        choice satisfies never;
    }
  }

  /** Gives somebody the password anew, which ends what they opened. */
  async reset(): Promise<void> {
    const login = await this.#ownLogin();
    if (login !== null) await this.#api.reset(this.#name, login, this.#random.of(RESET));
  }

  /** Enables whom this one may have disabled. */
  async settle(): Promise<void> {
    for (let tries = 0; this.#owesEnabling && tries < 20; tries += 1) {
      const login = await this.#ownLogin();
      if (login !== null) await this.#setEnabled(login, true);
    }
  }

  async listAll(): Promise<void> {
    const login = await this.#ownLogin();
    if (login === null) return;
    for (const kind of ['users', 'skills', 'agentGroups'] as const) await this.list(login, kind);
  }

  async list(login: string, kind: RecordKind): Promise<void> {
    const outcome = await this.#api.list(this.#name, login, kind);
    if ('ok' in outcome) this.#revisions.set(kind, outcome.ok.revision);
    else if ('refused' in outcome) this.#login = null;
  }

  async #ownLogin(): Promise<string | null> {
    if (this.#login !== null) return this.#login;
    const outcome = await this.#api.login(this.#name, 'admin1');
    if ('ok' in outcome) this.#login = outcome.ok.login;
    return this.#login;
  }

  async #write(
    login: string,
    kind: RecordKind,
    record: number | null,
    stamp: string | null,
  ): Promise<void> {
    const revision = this.#random.oneIn(3) ? this.#revisions.get(kind) : undefined;
    const value = stamp === null ? null : { stamp };
    const asked = {
      kind,
      record,
      value,
      ...(revision === undefined ? {} : { ifRevision: revision }),
    };
    const more = record === null ? { name: stamp } : {};
    const outcome = await this.#api.write(this.#name, login, asked, more);
    if (!('ok' in outcome)) return;
    this.#revisions.set(kind, outcome.ok.revision);
    if (record === null) this.#made.push(outcome.ok.record);
  }

  async #setEnabled(login: string, enabled: boolean): Promise<void> {
    const value = { stamp: this.#api.name('stamp'), enabled };
    if (!enabled) this.#owesEnabling = true;
    const asked = { kind: 'users', record: idOf(DISABLED), value, user: DISABLED } as const;
    const outcome = await this.#api.write(this.#name, login, asked);
    if ('ok' in outcome) this.#owesEnabling = !enabled;
  }
}
