/** Surveys, canned content and its categories, status reasons. */
import { requireManager } from './call.js';
import {
  cannedCategoriesDocument,
  cannedCategoryDocument,
  cannedContentDocument,
  cannedContentsDocument,
  type ConfiguredCategory,
  type ConfiguredContent,
  type ConfiguredReason,
  type ConfiguredSurvey,
  configuredSurveyDocument,
  configuredSurveysDocument,
  predefinedCategoriesDocument,
  type PredefinedCategory,
  type PredefinedCategoryChange,
  predefinedCategoryChangeDocument,
  predefinedCategoryDocument,
  type PredefinedContent,
  predefinedContentByCategoryDocument,
  type PredefinedContentChange,
  predefinedContentChangeDocument,
  predefinedContentDocument,
  predefinedContentsDocument,
  type ConfiguredRoutingRule,
  type ReasonChange,
  type RoutingRuleChange,
  routingRuleChangeDocument,
  routingRuleDocument,
  routingRulesDocument,
  type SurveyChange,
  statusReasonChangeDocument,
  statusReasonDocument,
  statusReasonsDocument,
  surveyChangeDocument,
} from '@parley/protocol';
import type { Stored } from '@parley/configuration/records/records';
import type { ConfigurationCall } from './call.js';
import {
  addCategory,
  alterCategory,
  removeCategory,
  serializeCategory,
  serializePredefinedCategory,
} from '@parley/configuration/changes/canned-categories';
import {
  addContent,
  alterContent,
  removeContent,
  serializeContent,
} from '@parley/configuration/changes/canned-content';
import type { Collection } from './collection.js';
import {
  addPredefined,
  alterPredefined,
  serializePredefined,
  TEXT_QUERY,
  TEXTS_QUERY,
  viewPredefined,
} from './predefined-content.js';
import {
  addRule,
  alterRule,
  removeRule,
  serializeRule,
} from '@parley/configuration/changes/routing-rules';
import {
  addReason,
  alterReason,
  removeReason,
  serializeReason,
} from '@parley/configuration/changes/status-reasons';
import {
  addSurvey,
  alterSurvey,
  removeSurvey,
  serializeSurvey,
} from '@parley/configuration/changes/surveys';

export const surveysCollection: Collection<'survey', ConfiguredSurvey, SurveyChange> = {
  kind: 'survey',
  what: 'survey',
  path: 'surveys',
  one: configuredSurveyDocument,
  many: configuredSurveysDocument,
  change: surveyChangeDocument,
  serialize: serializeSurvey,
  checkReach: (call) => requireManager(call),
  shows: () => true,
  add: addSurvey,
  alter: alterSurvey,
  remove: removeSurvey,
};

export const contentCollection: Collection<'cannedContent', ConfiguredContent, ConfiguredContent> =
  {
    kind: 'cannedContent',
    what: 'canned text',
    path: 'canned-content',
    one: cannedContentDocument,
    many: cannedContentsDocument,
    change: cannedContentsDocument,
    serialize: serializeContent,
    checkReach: () => {},
    shows: mayUse,
    add: addContent,
    alter: alterContent,
    remove: removeContent,
  };

export const categoriesCollection: Collection<
  'cannedCategory',
  ConfiguredCategory,
  ConfiguredCategory
> = {
  kind: 'cannedCategory',
  what: 'category of canned texts',
  path: 'canned-content/categories',
  one: cannedCategoryDocument,
  many: cannedCategoriesDocument,
  change: cannedCategoriesDocument,
  serialize: serializeCategory,
  checkReach: () => {},
  shows: () => true,
  add: addCategory,
  alter: alterCategory,
  remove: removeCategory,
};

/** The same records as `contentCollection`, in the original's form. */
export const predefinedContentCollection: Collection<
  'cannedContent',
  PredefinedContent,
  PredefinedContentChange
> = {
  kind: 'cannedContent',
  what: 'canned response',
  path: 'engagement-window/canned-responses',
  one: predefinedContentDocument,
  many: predefinedContentsDocument,
  change: predefinedContentChangeDocument,
  serialize: serializePredefined,
  checkReach: () => {},
  shows: mayUse,
  add: addPredefined,
  alter: alterPredefined,
  remove: removeContent,
  views: {
    one: TEXT_QUERY,
    list: TEXTS_QUERY,
    groupedIn: [predefinedContentByCategoryDocument],
    of: viewPredefined,
  },
};

/** The same records as `categoriesCollection`, in the original's form. */
export const predefinedCategoriesCollection: Collection<
  'cannedCategory',
  PredefinedCategory,
  PredefinedCategoryChange
> = {
  kind: 'cannedCategory',
  what: 'category of canned responses',
  path: 'le-categories/categories',
  one: predefinedCategoryDocument,
  many: predefinedCategoriesDocument,
  change: predefinedCategoryChangeDocument,
  serialize: serializePredefinedCategory,
  checkReach: () => {},
  shows: () => true,
  add: addCategory,
  alter: alterCategory,
  remove: removeCategory,
};

/** Whoever is logged in reads them: agents choose from them, and see those of others. */
export const statusReasonsCollection: Collection<'statusReason', ConfiguredReason, ReasonChange> = {
  kind: 'statusReason',
  what: 'status reason',
  path: 'le-agents/status-reasons',
  one: statusReasonDocument,
  many: statusReasonsDocument,
  change: statusReasonChangeDocument,
  serialize: serializeReason,
  checkReach: () => {},
  shows: () => true,
  add: addReason,
  alter: alterReason,
  remove: removeReason,
};

/** Administrators change them; managers read them. */
export const routingRulesCollection: Collection<
  'routingRule',
  ConfiguredRoutingRule,
  RoutingRuleChange
> = {
  kind: 'routingRule',
  what: 'routing rule',
  path: 'routing-rules',
  one: routingRuleDocument,
  many: routingRulesDocument,
  change: routingRuleChangeDocument,
  serialize: serializeRule,
  checkReach: (call) => requireManager(call),
  shows: () => true,
  add: addRule,
  alter: alterRule,
  remove: removeRule,
};

/** Agents are shown the texts they can use: enabled ones, for everybody or for a skill of theirs. */
function mayUse({ readScope, user }: ConfigurationCall, content: Stored<'cannedContent'>): boolean {
  if (readScope.of !== 'self') return true;
  const { enabled, skillIds } = content;
  return enabled && (skillIds.length === 0 || skillIds.some((id) => user.skillIds.includes(id)));
}
