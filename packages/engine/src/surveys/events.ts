/** What happens to surveys that are of no chat. */
import type { FilledSurvey, OfflineVisitor } from './surveys.js';

export type OfflineSurveyEvent = {
  readonly type: 'offline.surveyLeft';
  readonly skillId: number | null;
  readonly visitor: OfflineVisitor;
  readonly survey: FilledSurvey;
};
