/** Canned content and its categories under the original API's addresses (rules PREDEF…). */
import Type from 'typebox';
import { annotate, free, id, list, optional, text } from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';
import { CONFIG_NAME_MAX } from './configuration.js';

/** Longest title of a text, in characters. */
export const TITLE_MAX = 200;

const ids = (description: string, alsoNamed: readonly string[] = []) =>
  list(id(), { always: true, xmlItem: 'id', maxItems: 1_000, description, alsoNamed });

const Translation = optional({
  title: text(TITLE_MAX, 'The title of the text. Default: the name of the record.'),
  msg: text(
    8_000,
    'The text itself. {visitorName}, {agentName} and {skillName} are replaced when it is used.',
  ),
  lang: text(35, 'Language tag, e.g. en-US.'),
  isDefault: Type.Boolean({ description: 'Whether it is the unchanged text of a template.' }),
});

const contentFields = {
  id: id(),
  enabled: Type.Boolean({ description: 'Agents see only enabled ones.' }),
  type: Type.Integer({ minimum: 0, maximum: 0, description: '0: text. There is no other type.' }),
  hotkey: annotate(
    optional({
      prefix: text(40, 'Modifier keys, such as alt or ctrl+shift.'),
      suffix: text(12, 'The key.'),
    }),
    { 'x-wire': { alsoNamed: ['hot-key'] }, description: 'Empty strings: no hotkey.' },
  ),
  data: list(Translation, {
    always: true,
    xmlItem: 'translation',
    maxItems: 100,
    description: 'One text for each language.',
  }),
  categoriesIds: ids('The categories it is in.', ['categoryIds']),
  skillIds: ids('Skills whose agents have it; empty for everybody.', ['skillsIds']),
  lobIds: ids('Lines of business. Stored as given.'),
  templateId: text(CONFIG_NAME_MAX, 'The template it was created from. Stored as given.'),
};

const PredefinedContent = optional({ ...contentFields, deleted: Type.Boolean() });
/** A canned text as the original's address answers it. */
export type PredefinedContent = Type.Static<typeof PredefinedContent>;

const common = { root: null, style: 'plain' } as const;

export const predefinedContentDocument = defineDocument({
  ...common,
  name: 'predefinedContent',
  xmlRoot: 'cannedResponse',
  description: 'A text that agents use often, in its languages.',
  schema: PredefinedContent,
});

export const predefinedContentsDocument = defineDocument({
  ...common,
  name: 'predefinedContents',
  xmlRoot: 'cannedResponses',
  description: 'Texts that agents use often.',
  schema: list(PredefinedContent, { always: true, xmlItem: 'cannedResponse' }),
});

export const predefinedContentByCategoryDocument = defineDocument({
  ...common,
  name: 'predefinedContentByCategory',
  xmlRoot: 'cannedResponses',
  description:
    'Texts that agents use often, by the id of their category: {"61": [{"id": 51, …}]}. Texts without a category are under -1; texts in several categories are under each.',
  schema: free('A list of texts under the id of each category.', 'own'),
});

export const predefinedContentChangeDocument = defineDocument({
  ...common,
  name: 'predefinedContentChange',
  xmlRoot: 'cannedResponses',
  description:
    'A text, or a list of them, to create or change. The languages of a text are replaced as a whole, so send all of them.',
  schema: list(optional(contentFields), {
    always: true,
    xmlItem: 'cannedResponse',
    maxItems: 1_000,
  }),
});
/** What is sent to make or change a canned text at the original's address. */
export type PredefinedContentChange = DocumentValue<typeof predefinedContentChangeDocument>[number];

const categoryFields = {
  id: id(),
  name: text(CONFIG_NAME_MAX, 'Unique among categories.'),
  order: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    description: 'Its place among the categories: 1, 2, 3 … without gaps.',
  }),
  proposed: Type.Boolean({ description: 'Stored as given.' }),
};

const PredefinedCategory = optional({ ...categoryFields, deleted: Type.Boolean() });
/** A category of canned content as the original's address answers it. */
export type PredefinedCategory = Type.Static<typeof PredefinedCategory>;

export const predefinedCategoryDocument = defineDocument({
  ...common,
  name: 'predefinedCategory',
  xmlRoot: 'category',
  description: 'A category of canned content.',
  schema: PredefinedCategory,
});

export const predefinedCategoriesDocument = defineDocument({
  ...common,
  name: 'predefinedCategories',
  xmlRoot: 'categories',
  description: 'The categories of canned content.',
  schema: list(PredefinedCategory, { always: true, xmlItem: 'category' }),
});

export const predefinedCategoryChangeDocument = defineDocument({
  ...common,
  name: 'predefinedCategoryChange',
  xmlRoot: 'categories',
  description: 'A category, or a list of them, to create or change.',
  schema: list(optional(categoryFields), { always: true, xmlItem: 'category', maxItems: 1_000 }),
});
/** What is sent to make or change a category at the original's address. */
export type PredefinedCategoryChange = DocumentValue<
  typeof predefinedCategoryChangeDocument
>[number];
