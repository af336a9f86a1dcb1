/** What is asked of surveys that are of no chat. */
import type { FilledSurvey, OfflineVisitor } from './surveys.js';

export type OfflineSurveyCommand = {
  readonly type: 'offline.leaveSurvey';
  readonly skillId: number | null;
  readonly visitor: OfflineVisitor;
  readonly survey: FilledSurvey;
};

/** What these commands answer, by type. */
export interface OfflineSurveyReplies {
  'offline.leaveSurvey': Record<never, never>;
}
