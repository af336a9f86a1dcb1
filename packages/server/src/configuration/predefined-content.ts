/**
 * Canned content at the original API's address, `engagement-window/canned-responses`: the records
 * of `canned-content`, read and changed in the original's form.
 */
import { queryParam, queryParams } from '../http/query.js';
import { answerWith } from '../http/reply.js';
import {
  CONFIG_NAME_MAX,
  type PredefinedContent,
  predefinedContentByCategoryDocument,
  type PredefinedContentChange,
  TITLE_MAX,
  WireError,
} from '@parley/protocol';
import { cleanHtml } from '@parley/runtime/html/html';
import type {
  AccountConfiguration,
  CannedContentRecord,
  Stored,
} from '@parley/configuration/records/records';
import { contentNameKey } from '@parley/configuration/records/names';
import type { ConfigurationCall } from './call.js';
import { checkHotkey, MODIFIERS } from '@parley/configuration/changes/canned-content';
import type { View } from './collection.js';
import type { Draft, RecordState } from '@parley/configuration/changes/draft';
import {
  omitUndefined,
  languageOf,
  nameOf,
  printable,
  refuse,
  unique,
} from '@parley/configuration/changes/fields';

type Texts = CannedContentRecord['texts'];
type Translations = NonNullable<PredefinedContentChange['data']>;

/** Under which the original lists what is in no category. */
const NO_CATEGORY = '-1';

export function serializePredefined(
  content: Stored<'cannedContent'>,
  _setup: AccountConfiguration,
  state: RecordState,
): PredefinedContent {
  const { id, name, enabled, hotkey, texts, categoryIds, skillIds, lobIds, templateId } = content;
  const plus = hotkey.lastIndexOf('+');
  return {
    id,
    deleted: state === 'deleted',
    enabled,
    ...(hotkey === ''
      ? {}
      : {
          hotkey: { prefix: hotkey.slice(0, plus).toLowerCase(), suffix: hotkey.slice(plus + 1) },
        }),
    type: 0,
    data: texts.map(({ language, text, title, isDefault }) => ({
      title: title ?? name,
      msg: text,
      lang: language,
      isDefault: isDefault ?? false,
    })),
    categoriesIds: [...categoryIds],
    skillIds: [...skillIds],
    lobIds: [...lobIds],
    ...(templateId === '' ? {} : { templateId }),
  };
}

/** Adds a text, named by the title of its first language; answers its id. */
export function addPredefined(draft: Draft, change: PredefinedContentChange): number {
  const { data = [] } = change;
  const [first] = data;
  if (first === undefined) {
    return refuse('data is required: one text for each language, [{"lang", "title", "msg"}].');
  }
  const title = first.title === undefined ? undefined : cut(first.title);
  const name = freeName(draft, nameOf('data[0].title', title));
  const record = {
    enabled: true,
    hotkey: '',
    categoryIds: [],
    skillIds: [],
    lobIds: [],
    templateId: '',
    ...fieldsOf(change),
    texts: withoutName(textsOf(data, []), name),
    name,
  };
  const id = draft.create('cannedContent', record);
  checkHotkey(draft, id);
  draft.note('cannedContent.create', `cannedContent:${id}`, { name });
  return id;
}

/** Changes what is given; a new title in the record's first language is its new name. */
export function alterPredefined(draft: Draft, id: number, change: PredefinedContentChange): void {
  const before = draft.require('cannedContent', id);
  const { data } = change;
  if (data?.length === 0) refuse('data must hold at least one text.');
  const texts = data === undefined ? undefined : textsOf(data, before.texts);
  const [main] = before.texts;
  const title = texts?.find(({ language }) => language === main?.language)?.title ?? main?.title;
  const name =
    title === undefined || title === main?.title ? before.name : freeName(draft, cut(title), id);
  const changed = draft.update('cannedContent', id, {
    ...fieldsOf(change),
    ...omitUndefined({ texts: texts === undefined ? undefined : withoutName(texts, name) }),
    name,
  });
  checkHotkey(draft, id);
  if (Object.keys(changed).length > 0) {
    draft.note('cannedContent.change', `cannedContent:${id}`, changed);
  }
}

function fieldsOf(change: PredefinedContentChange): Partial<CannedContentRecord> {
  const { enabled, hotkey, categoriesIds, skillIds, lobIds, templateId } = change;
  return omitUndefined({
    enabled,
    hotkey: hotkey === undefined ? undefined : hotkeyOf(hotkey),
    categoryIds: categoriesIds === undefined ? undefined : unique(categoriesIds),
    skillIds: skillIds === undefined ? undefined : unique(skillIds),
    lobIds: lobIds === undefined ? undefined : unique(lobIds),
    templateId:
      templateId === undefined ? undefined : printable('templateId', templateId, CONFIG_NAME_MAX),
  });
}

/**
 * The texts as they are kept. Braces are left as they are: what is no placeholder of ours may be one
 * of the client's.
 */
function textsOf(data: Translations, before: Texts): Texts {
  const texts = data.map(({ lang, msg = '', title, isDefault }, index): Texts[number] => {
    const at = `data[${index}]`;
    if (msg.trim() === '') refuse(`${at}.msg must not be empty.`);
    const language = languageOf(`${at}.lang`, lang ?? '', 'refused');
    const known = before.find((text) => text.language === language);
    const called =
      title === undefined ? known?.title : printable(`${at}.title`, title, TITLE_MAX) || undefined;
    return {
      language,
      text: msg,
      ...omitUndefined({ title: called }),
      ...(isDefault ? { isDefault } : {}),
    };
  });
  const languages = texts.map(({ language }) => language);
  const twice = languages.find((language, index) => languages.indexOf(language) !== index);
  if (twice !== undefined) refuse(`data holds two for ${twice}: give one for each language.`);
  return texts;
}

/** A title that is the record's name is not kept: it changes with the name. */
function withoutName(texts: Texts, name: string): Texts {
  return texts.map(({ language, text, title, isDefault }) => ({
    language,
    text,
    ...omitUndefined({ title: title === name ? undefined : title, isDefault }),
  }));
}

/** As much of a title as a name may have. */
function cut(title: string, most = CONFIG_NAME_MAX): string {
  return [...title.trim()].slice(0, most).join('').trimEnd();
}

/** Records have names of their own, titles may be the same: the second "Hello" is "Hello (2)". */
function freeName(draft: Draft, wanted: string, own?: number): string {
  const taken = new Set<string>();
  for (const { id, name } of draft.records.cannedContent.values()) {
    if (id !== own) taken.add(contentNameKey(name));
  }
  for (let count = 1; ; count += 1) {
    const ending = count === 1 ? '' : ` (${count})`;
    const name = `${cut(wanted, CONFIG_NAME_MAX - ending.length)}${ending}`;
    if (!taken.has(contentNameKey(name))) return name;
  }
}

/** The keys in the spelling of `canned-content`: `{"prefix": "alt", "suffix": "6"}` is `Alt+6`. */
function hotkeyOf({
  prefix = '',
  suffix = '',
}: NonNullable<PredefinedContentChange['hotkey']>): string {
  if (prefix.trim() === '' && suffix.trim() === '') return '';
  const parts = [...prefix.split('+'), suffix].map((part) => part.trim());
  if (!parts.every((part) => /^[\p{L}\p{N}]{1,12}$/u.test(part))) {
    return refuse(
      `hotkey ${JSON.stringify({ prefix, suffix }).slice(0, 80)} is none: write {"prefix": "alt", "suffix": "6"}.`,
    );
  }
  const key = parts.pop()?.toUpperCase() ?? '';
  const isModifier = (name: string) => (part: string) => part.toLowerCase() === name.toLowerCase();
  const modifiers = MODIFIERS.filter((name) => parts.some(isModifier(name)));
  const others = parts.filter((part) => !MODIFIERS.some((name) => isModifier(name)(part)));
  return [...modifiers, ...unique(others.map((part) => part.toUpperCase())), key].join('+');
}

const TRUE_OR_FALSE = { type: 'boolean' } as const;
const ID_LIST = { type: 'string', pattern: '^-?[0-9]+(,-?[0-9]+)*$' } as const;

/** How each text is serialized. */
export const TEXT_QUERY = {
  lang: {
    description: 'Only texts in these languages, separated by commas: en-US,de.',
    schema: { type: 'string' },
  },
  sanitize_data: {
    description: 'Whether to clean the texts like HTML lines. By default they are not cleaned.',
    schema: TRUE_OR_FALSE,
  },
} as const;

/** Which texts are answered, and how. */
export const TEXTS_QUERY = {
  ...TEXT_QUERY,
  group_by: {
    description:
      'CATEGORIES: one list for each category, by its id. -1 has the texts without a category.',
    schema: { type: 'string', enum: ['CATEGORIES'] },
  },
  skill_ids: {
    description:
      'Texts for any of these skills, separated by commas, and those for everybody. -1: no skill.',
    schema: ID_LIST,
  },
  ids: {
    description: 'Texts with these ids, separated by commas.',
    schema: ID_LIST,
  },
} as const;

/** @throws WireError 400 naming the parameter that is not understood. */
export function viewPredefined(
  call: ConfigurationCall,
  of: 'one' | 'list',
): View<'cannedContent', PredefinedContent> {
  const languages = languagesAsked(call);
  const clean = queryParam(call, 'sanitize_data')?.toLowerCase() === 'true';
  const shape = (serialized: PredefinedContent): PredefinedContent => {
    if (languages === null && !clean) return serialized;
    const data = (serialized.data ?? []).filter(({ lang = '' }) => languages?.has(lang) ?? true);
    return {
      ...serialized,
      data: clean ? data.map((each) => ({ ...each, msg: cleanHtml(each.msg ?? '') })) : data,
    };
  };
  if (of === 'one') return { keeps: () => true, shape };
  const ids = idsAsked(call, 'ids');
  const skills = idsAsked(call, 'skill_ids');
  const keeps = ({ id, skillIds, texts }: Stored<'cannedContent'>): boolean =>
    (ids === null || ids.has(id)) &&
    (skills === null || skillIds.length === 0 || skillIds.some((skillId) => skills.has(skillId))) &&
    (languages === null || texts.some(({ language }) => languages.has(language)));
  return isGrouped(call) ? { keeps, shape, grouped } : { keeps, shape };
}

const grouped: NonNullable<View<'cannedContent', PredefinedContent>['grouped']> = (
  call,
  entries,
  headers,
) => {
  const groups: Record<string, PredefinedContent[]> = {};
  for (const { record, serialized } of entries) {
    const ids = record.categoryIds.length === 0 ? [NO_CATEGORY] : record.categoryIds.map(String);
    for (const id of ids) groups[id] = [...(groups[id] ?? []), serialized];
  }
  return answerWith(call, predefinedContentByCategoryDocument, groups, 200, headers);
};

function isGrouped(call: ConfigurationCall): boolean {
  const by = queryParam(call, 'group_by');
  if (by === undefined || by === '') return false;
  if (by.toUpperCase() === 'CATEGORIES') return true;
  throw new WireError(
    'invalidQuery',
    `Query parameter group_by must be CATEGORIES, got "${by.slice(0, 40)}".`,
  );
}

/** The languages of `lang`, as they are kept; null for all. */
function languagesAsked(call: ConfigurationCall): ReadonlySet<string> | null {
  const words = wordsOf(call, 'lang');
  if (words.length === 0) return null;
  try {
    return new Set(words.flatMap((word) => Intl.getCanonicalLocales(word)));
  } catch {
    throw new WireError(
      'invalidQuery',
      `Query parameter lang must be language tags such as en-US,de, got "${words.join(',').slice(0, 60)}".`,
    );
  }
}

function idsAsked(call: ConfigurationCall, name: string): ReadonlySet<number> | null {
  const words = wordsOf(call, name);
  const wrong = words.find((word) => !/^-?\d{1,15}$/.test(word));
  if (wrong !== undefined) {
    throw new WireError(
      'invalidQuery',
      `Query parameter ${name} must be ids separated by commas, got "${wrong.slice(0, 40)}".`,
    );
  }
  return words.length === 0 ? null : new Set(words.map(Number));
}

function wordsOf(call: ConfigurationCall, name: string): string[] {
  return queryParams(call, name)
    .flatMap((value) => value.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
