/** The server that is examined, and who may call it. */

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** A bot that logs in by app key, and signs requests with the same secrets. */
export interface BotKey {
  readonly username: string;
  readonly appKey: string;
  readonly secret: string;
  readonly accessToken: string;
  readonly accessTokenSecret: string;
}

export interface Target {
  /** `https://host[:port]`, or `http://…` for a server behind a proxy or on this machine. */
  readonly baseUrl: string;
  /** A test account: nobody else should be at work in it. */
  readonly account: string;
  /** An agent who may take at least two chats at once and holds at least one skill. */
  readonly agent: Credentials;
  /** Another agent with a skill in common; without one, checks that need two are skipped. */
  readonly agent2?: Credentials;
  /** App key of visitors. */
  readonly appKey: string;
  /** Without one, logins by key and signed requests are skipped. */
  readonly bot?: BotKey;
  /** Certificate authority to trust besides the well-known ones, PEM. */
  readonly ca?: string;
}
