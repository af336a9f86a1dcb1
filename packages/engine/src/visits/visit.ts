/** A visit: what a browser or an app reported of itself. */

export type DeviceFamily = 'DESKTOP' | 'TABLET' | 'MOBILE';

/** What a visit is known to come from; null is what nobody said. */
export interface VisitFacts {
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** The page elsewhere that led here. */
  readonly referrer: string | null;
  readonly language: string | null;
  readonly timeZone: string | null;
  /** Width and height in pixels: `1920x1080`. */
  readonly screen: string | null;
  readonly appType: string | null;
  readonly appVersion: string | null;
  /** As the app names them; without them the user agent decides. */
  readonly os: string | null;
  readonly osVersion: string | null;
  readonly deviceFamily: DeviceFamily | null;
  /** Where on the site or in the app the visitor is. */
  readonly sections: readonly string[] | null;
}

export interface VisitPage {
  readonly id: string;
  readonly url: string;
  readonly title: string | null;
  readonly referrer: string | null;
  /** When it was opened, epoch ms. */
  readonly at: number;
  /** Ms, as the page itself reports; null when it did not. */
  readonly timeOnPage: number | null;
}

/** An engagement attribute as it was reported. */
export interface AttributeInput {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface VisitAttribute extends AttributeInput {
  readonly at: number;
  /** The page it was reported on, if one. */
  readonly pageId: string | null;
}

export interface Visit {
  readonly sessionId: string;
  readonly visitorId: string;
  /** 1 for the first visit of the visitor that is known of, then 2, 3 … */
  readonly ordinal: number;
  readonly startedAt: number;
  lastSeen: number;
  facts: VisitFacts;
  /** In the order they were opened. */
  pages: VisitPage[];
  /** Newest first. */
  attributes: VisitAttribute[];
  /** Journal position of the last event that changed it. */
  seq: number;
}

/** What one report holds; what is absent stays as it was. */
export interface VisitReport {
  readonly sessionId: string;
  readonly visitorId: string;
  readonly facts?: Partial<VisitFacts>;
  /** A page with an id that is known already replaces it. */
  readonly pages?: readonly VisitPage[];
  /** In the order they happened. */
  readonly attributes?: readonly AttributeInput[];
  /** The page that the attributes were reported on. */
  readonly pageId?: string;
}
