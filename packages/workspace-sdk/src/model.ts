/** What pages may know of the chat on screen: the roots of the public model, and what stands below each. */

/** Something that was said or happened in the chat. */
export interface TranscriptLine {
  /** Grows within the chat. */
  readonly id: number;
  /** ISO 8601. */
  readonly time: string;
  readonly source: 'visitor' | 'agent' | 'system';
  /** Who said it, as the visitor sees them. */
  readonly by: string;
  readonly text: string;
  /** `html` is clean, and is still to be treated as text of a stranger. */
  readonly textType: string;
}

/** An answered question of the survey before the chat. */
export interface SurveyAnswer {
  readonly question: string;
  readonly answers: readonly string[];
}

/** A variable that the visitor's page or app gave. */
export interface Variable {
  readonly name: string;
  readonly displayName: string;
  readonly value: string;
}

/** A page of the visit. */
export interface JourneyPage {
  readonly url: string;
  readonly title: string | null;
  /** ISO 8601. */
  readonly time: string;
}

/** Facts of the visit by name; the server knows those it was told of. */
export type Facts = Readonly<Record<string, string>>;

/** Attributes by name, as an identity provider gave them. */
export type Attributes = Readonly<Record<string, unknown>>;

/**
 * The public model. Roots that speak of a chat are null while no chat is on screen; `agentInfo` is null
 * until the agent has logged in.
 */
export interface PublicModel {
  /** The agent who uses the workspace. */
  readonly agentInfo: {
    readonly accountId: string;
    readonly agentId: number;
    readonly agentName: string;
    readonly agentNickname: string;
    readonly maxChats: number;
    readonly availability: 'Online' | 'Occupied' | 'Away' | 'Offline';
    readonly skills: readonly { readonly id: number; readonly name: string }[];
  } | null;
  /** The agent who has the chat: another one where this agent only assists or watches. */
  readonly chattingAgentInfo: {
    readonly agentId: number | null;
    readonly agentName: string;
  } | null;
  readonly chatInfo: {
    readonly accountId: string;
    readonly chatSessionKey: string;
    readonly rtSessionId: string;
    readonly skillId: number | null;
    readonly skillName: string;
    readonly language: string;
    /** ISO 8601. */
    readonly chatStartTime: string;
    /** `chatting`, or why the chat is over for this agent. */
    readonly state: 'chatting' | 'ended' | 'gone' | 'left' | 'session';
    /** What this agent is in the chat. */
    readonly role: 'agent' | 'assistant' | 'listener' | 'supervisor';
  } | null;
  /** Without private notes. */
  readonly chatTranscript: { readonly lines: readonly TranscriptLine[] } | null;
  readonly surveyQuestions: { readonly preChat: readonly SurveyAnswer[] } | null;
  readonly visitorInfo:
    | ({ readonly visitorId: string; readonly visitorName: string } & Facts)
    | null;
  readonly campaignInfo: Facts | null;
  readonly engagementInfo: Facts | null;
  readonly visitorJourney: { readonly pages: readonly JourneyPage[] } | null;
  /** The engagement attributes of a signed-in visitor; both empty while the visitor is not signed in. */
  readonly SDE: { readonly customerInfo: Attributes; readonly personalInfo: Attributes } | null;
  /** What the identity provider says of the visitor; null while the visitor is not signed in. */
  readonly authenticatedData: Attributes | null;
  readonly customVariables: readonly Variable[] | null;
}

/** A root of the public model. */
export type Root = keyof PublicModel;

/** The roots, in the order in which they are listed in errors. */
export const ROOTS = [
  ...(['agentInfo', 'chattingAgentInfo', 'chatInfo', 'chatTranscript', 'surveyQuestions'] as const),
  ...(['visitorInfo', 'campaignInfo', 'engagementInfo', 'visitorJourney', 'SDE'] as const),
  ...(['authenticatedData', 'customVariables'] as const),
] as const satisfies readonly Root[];

/** What a path leads to: of a root its type, below it whatever stands there. */
export type ValueAt<P extends string> = P extends Root ? PublicModel[P] : unknown;

/** The commands, each with what it takes. None of them sends anything to the visitor: the agent does. */
export interface Commands {
  /** Puts a text into the composer of the chat on screen, below what is written there. */
  readonly write: { readonly text: string };
  /** Puts a card (structured content) above the composer; the agent sends or removes it. */
  readonly writeCard: { readonly card: unknown; readonly text: string };
  /** Shows a chat that the agent has. */
  readonly openChat: { readonly chat: string };
}
