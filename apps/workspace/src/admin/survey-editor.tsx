/** The editor of a survey: its questions, and the form as visitors see it beside them. */
import { type ConfiguredSurvey, RefusedError } from '@parley/client/administration';
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button, IconButton } from '../parts/button.js';
import { ErrorText } from '../parts/small.js';
import styles from './admin.module.css';
import forms from './form.module.css';
import surveyStyles from './survey.module.css';
import { useAdministration, useAdminTexts } from './context.js';
import { FormField } from './fields.js';
import type { FieldSpec, Form, Lookups } from './model.js';
import { SaveBar, useSave } from './saving.js';
import {
  type Draft,
  type DraftEntry,
  type DraftQuestion,
  draftOf,
  hasEntries,
  KINDS,
  moved,
  surveyOf,
  TYPES,
  VALIDATIONS,
  withoutQuestion,
  withQuestion,
} from './survey-draft.js';
import { SurveyPreview } from './survey-preview.js';

type Survey = ConfiguredSurvey & { readonly id: number };

const FIELDS: readonly FieldSpec[] = [
  { name: 'name', label: 'field.name', kind: 'text', max: 100, required: true },
  { name: 'kind', label: 'field.kind', kind: 'choice', choices: KINDS },
  {
    name: 'skillId',
    label: 'field.skill',
    kind: 'choice',
    choices: 'skills',
    none: 'surveys.anySkill',
  },
  { name: 'title', label: 'field.title', kind: 'text', max: 200 },
  { name: 'header', label: 'field.header', kind: 'lines', max: 2_000 },
  { name: 'isEnabled', label: 'field.enabled', kind: 'switch' },
];

export function SurveyEditor({
  survey,
  revision,
  lookups,
  onDone,
  onReload,
}: {
  readonly survey: Survey | null;
  readonly revision: string | null;
  readonly lookups: Lookups;
  readonly onDone: () => void;
  readonly onReload: () => void;
}) {
  const say = useAdminTexts();
  const administration = useAdministration();
  const [before] = useState(() => draftOf(survey));
  const [draft, setDraft] = useState(before);
  const [deleting, setDeleting] = useState(false);
  const dirty = JSON.stringify(before) !== JSON.stringify(draft);
  const [saving, save] = useSave((overwrite) =>
    survey === null
      ? administration.surveys.create(surveyOf(draft))
      : administration.surveys.update(survey.id, surveyOf(draft), overwrite ? {} : { revision }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save(false).then((saved) => saved && onDone());
  };
  const refused = saving.error instanceof RefusedError ? saving.error.message : null;
  const form = draft as unknown as Form;
  return (
    <form className={surveyStyles['editor']} onSubmit={submit} noValidate>
      <header className={styles['heading']}>
        <div>
          <a href="#/admin/surveys" className={surveyStyles['back']}>
            {say('surveys.title')}
          </a>
          <h1 dir="auto">{survey?.name ?? say('surveys.add')}</h1>
        </div>
        {survey !== null &&
          (deleting ? (
            <div className={styles['adds']}>
              <span role="alert">{say('sheet.delete.ask')}</span>
              <Button onClick={() => setDeleting(false)}>{say('sheet.cancel')}</Button>
              <Button
                kind="danger"
                onClick={() => void administration.surveys.delete(survey.id).then(onDone)}
              >
                {say('sheet.delete')}
              </Button>
            </div>
          ) : (
            <Button kind="remove" onClick={() => setDeleting(true)}>
              {say('sheet.delete')}
            </Button>
          ))}
      </header>
      <div className={surveyStyles['editorParts']}>
        <div className={surveyStyles['questions']}>
          <div className={`${forms['group']} ${surveyStyles['basics']}`}>
            {FIELDS.map((spec) => (
              <FormField
                key={spec.name}
                spec={spec}
                value={form[spec.name]}
                lookups={lookups}
                problem={null}
                onChange={(value) => setDraft({ ...draft, [spec.name]: value })}
              />
            ))}
          </div>
          <h2>{say('surveys.questions')}</h2>
          {draft.questions.map((question, index) => (
            <QuestionEditor
              key={question.logicId}
              question={question}
              draft={draft}
              index={index}
              onChange={setDraft}
            />
          ))}
          <Button
            className={surveyStyles['addQuestion']}
            onClick={() => setDraft(withQuestion(draft))}
          >
            <Plus size={16} strokeWidth={1.75} aria-hidden />
            {say('surveys.question.add')}
          </Button>
        </div>
        <aside className={surveyStyles['preview']} aria-label={say('surveys.preview')}>
          <h2>{say('surveys.preview')}</h2>
          <SurveyPreview draft={draft} />
        </aside>
      </div>
      <div className={surveyStyles['editorFoot']}>
        {refused !== null && !saving.stale && <ErrorText>{refused}</ErrorText>}
        <SaveBar
          dirty={dirty}
          saving={refused !== null && !saving.stale ? { ...saving, error: null } : saving}
          onOverwrite={() => void save(true).then((saved) => saved && onDone())}
          onDiscard={onReload}
          onReset={() => setDraft(before)}
        />
      </div>
    </form>
  );
}

function QuestionEditor({
  question,
  draft,
  index,
  onChange,
}: {
  readonly question: DraftQuestion;
  readonly draft: Draft;
  readonly index: number;
  readonly onChange: (draft: Draft) => void;
}) {
  const say = useAdminTexts();
  const set = (change: Partial<DraftQuestion>) =>
    onChange({ ...draft, questions: draft.questions.with(index, { ...question, ...change }) });
  const shownIf = draft.questions.flatMap((other) =>
    other.entries
      .filter((entry) => entry.shows.includes(question.logicId))
      .map((entry) => `${other.label || other.logicId} = ${entry.displayValue || entry.value}`),
  );
  return (
    <fieldset className={surveyStyles['question']} data-branch={shownIf.length > 0 || undefined}>
      <legend>{say('surveys.question', { number: index + 1 })}</legend>
      {shownIf.length > 0 && (
        <p className={surveyStyles['showIf']} dir="auto">
          {say('surveys.showIf', { conditions: shownIf.join(', ') })}
        </p>
      )}
      <label>
        {say('field.label')}
        <input
          className={forms['input']}
          dir="auto"
          maxLength={1_000}
          value={question.label}
          onChange={({ target }) => set({ label: target.value })}
        />
      </label>
      <div className={surveyStyles['pair']}>
        <label>
          {say('field.type')}
          <select
            className={forms['input']}
            value={question.type}
            onChange={({ target }) =>
              set({ type: target.value, entries: hasEntries(target.value) ? question.entries : [] })
            }
          >
            {TYPES.map((type) => (
              <option key={type} value={type}>
                {say(`questionType.${type}`)}
              </option>
            ))}
          </select>
        </label>
        {!hasEntries(question.type) && (
          <label>
            {say('field.validationType')}
            <select
              className={forms['input']}
              value={question.validationType}
              onChange={({ target }) => set({ validationType: target.value })}
            >
              <option value="">{say('validation.none')}</option>
              {VALIDATIONS.map((each) => (
                <option key={each} value={each}>
                  {say(`validation.${each}`)}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <label className={forms['check']}>
        <input
          type="checkbox"
          checked={question.mandatory}
          onChange={({ target }) => set({ mandatory: target.checked })}
        />
        {say('field.mandatory')}
      </label>
      {hasEntries(question.type) && (
        <Entries
          question={question}
          others={draft.questions.filter(({ logicId }) => logicId !== question.logicId)}
          onChange={(entries) => set({ entries })}
        />
      )}
      <div className={surveyStyles['questionFoot']}>
        <IconButton
          label={say('surveys.up')}
          disabled={index === 0}
          onClick={() => onChange(moved(draft, index, -1))}
        >
          <ArrowUp size={16} strokeWidth={1.75} aria-hidden />
        </IconButton>
        <IconButton
          label={say('surveys.down')}
          disabled={index === draft.questions.length - 1}
          onClick={() => onChange(moved(draft, index, 1))}
        >
          <ArrowDown size={16} strokeWidth={1.75} aria-hidden />
        </IconButton>
        <IconButton
          label={say('surveys.question.remove')}
          onClick={() => onChange(withoutQuestion(draft, question.logicId))}
        >
          <Trash2 size={16} strokeWidth={1.75} aria-hidden />
        </IconButton>
      </div>
    </fieldset>
  );
}

/** The choices of a question, and which questions each of them brings up. */
function Entries({
  question,
  others,
  onChange,
}: {
  readonly question: DraftQuestion;
  readonly others: readonly DraftQuestion[];
  readonly onChange: (entries: readonly DraftEntry[]) => void;
}) {
  const say = useAdminTexts();
  const { entries } = question;
  const put = (index: number, change: Partial<DraftEntry>) =>
    onChange(entries.with(index, { ...(entries[index] as DraftEntry), ...change }));
  return (
    <div className={surveyStyles['entries']}>
      {entries.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, its text changes at every key
        <div key={index} className={surveyStyles['entry']}>
          <div className={forms['rowOf']}>
            <input
              className={forms['input']}
              aria-label={say('surveys.entry', { number: index + 1 })}
              dir="auto"
              maxLength={200}
              value={entry.displayValue}
              onChange={({ target }) =>
                put(index, { displayValue: target.value, value: target.value })
              }
            />
            <IconButton
              label={say('row.remove')}
              onClick={() => onChange(entries.filter((_, at) => at !== index))}
            >
              <Trash2 size={16} strokeWidth={1.75} aria-hidden />
            </IconButton>
          </div>
          {others.length > 0 && (
            <details open={entry.shows.length > 0 || undefined}>
              <summary>{say('surveys.shows', { count: entry.shows.length })}</summary>
              <div className={forms['many']}>
                {others.map((other) => (
                  <label key={other.logicId}>
                    <input
                      type="checkbox"
                      checked={entry.shows.includes(other.logicId)}
                      onChange={({ target }) =>
                        put(index, {
                          shows: target.checked
                            ? [...entry.shows, other.logicId]
                            : entry.shows.filter((each) => each !== other.logicId),
                        })
                      }
                    />
                    <span dir="auto">{other.label || `#${other.logicId}`}</span>
                  </label>
                ))}
              </div>
            </details>
          )}
        </div>
      ))}
      <Button
        kind="plain"
        className={forms['edge']}
        onClick={() =>
          onChange([...entries, { value: '', displayValue: '', shows: [], checked: false }])
        }
      >
        <Plus size={16} strokeWidth={1.75} aria-hidden />
        {say('surveys.entry.add')}
      </Button>
    </div>
  );
}
