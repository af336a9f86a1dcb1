/** What is asked of chats. */
import type { Participant } from '../participants/participant.js';
import type { FilledSurvey } from '../surveys/surveys.js';
import type { SubType, TextType } from './entries.js';
import type { VariableInput } from './variable.js';
import type { VisitorFacts } from './visitor.js';

/** Who speaks in a chat. */
export type Party =
  | { readonly party: 'visitor' }
  | { readonly party: 'agent'; readonly sessionId: string };

export type ChatCommand =
  | {
      readonly type: 'chat.request';
      readonly skillId: number | null;
      readonly forUserId: number | null;
      /** Seconds; null takes the skill's. */
      readonly maxWait: number | null;
      /** Seconds; null takes the account's. */
      readonly timeout: number | null;
      readonly visitor: VisitorFacts;
      readonly preChatLines: readonly string[];
      readonly variables?: readonly VariableInput[];
      /** Checked already against the survey. */
      readonly preChat?: FilledSurvey;
      /** The authenticated visitor that it is for, as it was identified. */
      readonly participant?: Pick<Participant, 'conversationId' | 'participantId'>;
    }
  | {
      readonly type: 'chat.addLine';
      readonly chatId: string;
      readonly from: Party;
      readonly text: string;
      readonly textType: TextType;
      readonly subType: SubType;
      readonly json?: unknown;
    }
  | { readonly type: 'chat.end'; readonly chatId: string; readonly from: Party }
  /** Up to which event this side has read. */
  | {
      readonly type: 'chat.read';
      readonly chatId: string;
      readonly from: Party;
      readonly read: number;
    }
  | { readonly type: 'chat.setVisitorName'; readonly chatId: string; readonly name: string }
  | {
      readonly type: 'chat.transfer';
      readonly chatId: string;
      readonly sessionId: string;
      readonly to: { readonly skillId: number } | { readonly userId: number };
      /** Seen by agents only. */
      readonly text: string | null;
    }
  | {
      readonly type: 'chat.setVariables';
      readonly chatId: string;
      readonly variables: readonly VariableInput[];
    }
  /** The exit survey from the visitor, the agent survey from the agent. */
  | {
      readonly type: 'chat.answerSurvey';
      readonly chatId: string;
      readonly from: Party;
      readonly survey: FilledSurvey;
    }
  /** An administrator or a manager moves a chat. */
  | {
      readonly type: 'chat.assign';
      readonly chatId: string;
      readonly byUserId: number;
      readonly to: { readonly skillId: number } | { readonly userId: number };
    }
  /** An administrator or a manager ends a chat. */
  | { readonly type: 'chat.close'; readonly chatId: string; readonly byUserId: number }
  /** The visitor gave no heartbeat for the chat's timeout. */
  | { readonly type: 'chat.visitorLost'; readonly chatId: string };

/** What these commands answer, by type. */
export interface ChatReplies {
  'chat.request': { readonly chatId: string };
  'chat.addLine': { readonly eventId: number };
  'chat.end': { readonly eventId: number };
  'chat.setVisitorName': Record<never, never>;
  'chat.read': { readonly read: number };
  'chat.transfer': Record<never, never>;
  'chat.setVariables': Record<never, never>;
  'chat.answerSurvey': Record<never, never>;
  'chat.assign': Record<never, never>;
  'chat.close': { readonly eventId: number };
  'chat.visitorLost': Record<never, never>;
}
