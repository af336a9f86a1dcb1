/** The survey as its reader meets it: its branches open as choices are made. */
import { useId, useState } from 'react';
import forms from './form.module.css';
import surveyStyles from './survey.module.css';
import { useAdminTexts } from './context.js';
import { type Answers, type Draft, type DraftQuestion, shownQuestions } from './survey-draft.js';

const INPUTS: Readonly<Record<string, string>> = { email: 'email', phone: 'tel', numeric: 'text' };

export function SurveyPreview({ draft }: { readonly draft: Draft }) {
  const say = useAdminTexts();
  const [answers, setAnswers] = useState<Answers>({});
  return (
    <div className={surveyStyles['card']}>
      {draft.title !== '' && (
        <h3 dir="auto" className={surveyStyles['cardTitle']}>
          {draft.title}
        </h3>
      )}
      {draft.header !== '' && <p dir="auto">{draft.header}</p>}
      {draft.questions.length === 0 && <p className={forms['hint']}>{say('surveys.empty')}</p>}
      {shownQuestions(draft, answers).map((question) => (
        <PreviewQuestion
          key={question.logicId}
          question={question}
          given={answers[question.logicId] ?? []}
          onGive={(given) => setAnswers({ ...answers, [question.logicId]: given })}
        />
      ))}
    </div>
  );
}

function PreviewQuestion({
  question,
  given,
  onGive,
}: {
  readonly question: DraftQuestion;
  readonly given: readonly string[];
  readonly onGive: (given: readonly string[]) => void;
}) {
  const id = useId();
  const label = question.mandatory ? `${question.label} *` : question.label;
  const { type, entries } = question;
  if (type === 'Dropdown Box') {
    return (
      <label className={surveyStyles['previewField']}>
        <span dir="auto">{label}</span>
        <select
          className={forms['input']}
          value={given[0] ?? ''}
          onChange={({ target }) => onGive(target.value === '' ? [] : [target.value])}
        >
          <option value="" />
          {entries.map(({ value, displayValue }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: entries have no other name while they are written
            <option key={index} value={value}>
              {displayValue || value}
            </option>
          ))}
        </select>
      </label>
    );
  }
  if (entries.length > 0 || type === 'Checkbox' || type.startsWith('Radio')) {
    const several = type === 'Checkbox';
    return (
      <fieldset
        className={surveyStyles['previewField']}
        data-side={type.includes('side') || undefined}
      >
        <legend dir="auto">{label}</legend>
        {entries.map(({ value, displayValue }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries have no other name while they are written
          <label key={index} className={forms['check']}>
            <input
              type={several ? 'checkbox' : 'radio'}
              name={id}
              checked={given.includes(value)}
              onChange={({ target }) =>
                onGive(
                  several
                    ? target.checked
                      ? [...given, value]
                      : given.filter((each) => each !== value)
                    : [value],
                )
              }
            />
            <span dir="auto">{displayValue || value}</span>
          </label>
        ))}
      </fieldset>
    );
  }
  return (
    <div className={surveyStyles['previewField']}>
      <label htmlFor={id} dir="auto">
        {label}
      </label>
      {type === 'Text Area' ? (
        <textarea
          id={id}
          className={forms['input']}
          rows={3}
          value={given[0] ?? ''}
          onChange={({ target }) => onGive([target.value])}
        />
      ) : (
        <input
          id={id}
          className={forms['input']}
          type={INPUTS[question.validationType] ?? 'text'}
          value={given[0] ?? ''}
          onChange={({ target }) => onGive([target.value])}
        />
      )}
    </div>
  );
}
