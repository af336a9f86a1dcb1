/** Records of what agents choose from, and of what visitors are known by. */
import type { Availability } from '@parley/engine';

/** A text that agents say often. */
export interface CannedContentRecord {
  readonly name: string;
  readonly enabled: boolean;
  /** `Ctrl+Shift+1`; empty for none. */
  readonly hotkey: string;
  readonly categoryIds: readonly number[];
  /** Skills whose agents have it; none for everybody. */
  readonly skillIds: readonly number[];
  readonly texts: readonly {
    readonly language: string;
    readonly text: string;
    /** What it is called, where that is not the record's name. */
    readonly title?: string;
    /** Whether it is a template's text, unchanged, as clients of the original API say. */
    readonly isDefault?: true;
  }[];
  /** Lines of business: kept for clients of the original API. */
  readonly lobIds: readonly number[];
  /** What it was made from, likewise; empty for nothing. */
  readonly templateId: string;
  readonly changedAt: number;
}

export interface CannedCategoryRecord {
  readonly name: string;
  /** Its place among the categories: 1, 2, 3 …; 0 for one of before there was an order. */
  readonly order: number;
  /** Kept for clients of the original API. */
  readonly proposed: boolean;
  readonly changedAt: number;
}

/** Why an agent is in a state, for agents to choose from. */
export interface StatusReasonRecord {
  readonly text: string;
  readonly state: Availability;
  readonly enabled: boolean;
  /** Its place where reasons are listed. */
  readonly order: number;
  readonly changedAt: number;
}

export type IdentityKind = 'jwt' | 'code';

/** A connection to an identity provider of visitors. */
export interface VisitorIdentityRecord {
  readonly name: string;
  readonly kind: IdentityKind;
  readonly enabled: boolean;
  readonly issuer: string;
  /** Empty: not asked for; of kind `code` the client id. */
  readonly audience: string;
  /** PEM (SPKI); empty where the keys are at `jwksUrl`. */
  readonly publicKey: string;
  readonly jwksUrl: string;
  /** Of kind `code`; empty otherwise. */
  readonly tokenEndpoint: string;
  readonly clientId: string;
  /** Sealed; null for none. */
  readonly sealedClientSecret: string | null;
  readonly redirectUri: string;
  readonly changedAt: number;
}
