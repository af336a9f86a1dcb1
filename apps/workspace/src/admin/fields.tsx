/** The fields of a form, by kind. */
import { useId } from 'react';
import forms from './form.module.css';
import { type SayAdmin, useAdminTexts } from './context.js';
import { AnswerRows, HoursRows } from './rule-fields.js';
import { AddRow, RemoveRow } from './rows.js';
import { Suggested } from './suggested.js';
import type {
  Choice,
  FieldSpec,
  FieldValue,
  GivenAnswer,
  LabelledChoice,
  LookupName,
  Lookups,
  Translation,
  WeekHours,
} from './model.js';

export interface FieldProps {
  readonly spec: FieldSpec;
  readonly value: FieldValue | undefined;
  readonly lookups: Lookups;
  /** Why the server refused this field; null when it did not. */
  readonly problem: string | null;
  readonly onChange: (value: FieldValue) => void;
}

/** Kinds of several inputs. */
const GROUPS: ReadonlySet<FieldSpec['kind']> = new Set([
  ...(['many', 'translations', 'list', 'hours', 'answers'] as const),
]);

export function FormField(props: FieldProps) {
  const say = useAdminTexts();
  const id = useId();
  const { spec, problem } = props;
  const hint = spec.hint === undefined ? null : say(spec.hint);
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  const below = (
    <>
      {hint !== null && (
        <span id={`${id}-hint`} className={forms['hint']}>
          {hint}
        </span>
      )}
      {problem !== null && (
        <span id={`${id}-problem`} className={forms['problem']} role="alert">
          {problem}
        </span>
      )}
    </>
  );
  const control = <Control {...props} id={id} described={described} />;
  if (GROUPS.has(spec.kind)) {
    return (
      <fieldset className={forms['field']} aria-describedby={described || undefined}>
        <legend>{say(spec.label)}</legend>
        {control}
        {below}
      </fieldset>
    );
  }
  return (
    <div className={forms['field']} data-kind={spec.kind}>
      <label htmlFor={id}>{say(spec.label)}</label>
      {control}
      {below}
    </div>
  );
}

interface ControlProps extends FieldProps {
  readonly id: string;
  readonly described: string;
}

function Control({ spec, value, lookups, problem, onChange, id, described }: ControlProps) {
  const say = useAdminTexts();
  const common = {
    id,
    name: spec.name,
    'aria-describedby': described || undefined,
    'aria-invalid': problem !== null || undefined,
  };
  switch (spec.kind) {
    case 'text':
      return (
        <>
          <input
            {...common}
            className={forms['input']}
            dir="auto"
            value={String(value ?? '')}
            maxLength={spec.max}
            required={spec.required}
            list={spec.suggests && `${id}-list`}
            onChange={({ target }) => onChange(target.value)}
          />
          {spec.suggests !== undefined && <Suggested id={`${id}-list`} what={spec.suggests} />}
        </>
      );
    case 'password':
      return (
        <input
          {...common}
          className={forms['input']}
          type="password"
          autoComplete="new-password"
          value={String(value ?? '')}
          onChange={({ target }) => onChange(target.value)}
        />
      );
    case 'lines':
      return (
        <textarea
          {...common}
          className={forms['input']}
          dir="auto"
          rows={3}
          maxLength={spec.max}
          value={String(value ?? '')}
          onChange={({ target }) => onChange(target.value)}
        />
      );
    case 'number':
      return (
        <input
          {...common}
          className={forms['input']}
          type="number"
          min={spec.min}
          max={spec.max}
          value={Number.isNaN(value) ? '' : Number(value ?? 0)}
          onChange={({ target }) => onChange(target.valueAsNumber)}
        />
      );
    case 'switch':
      return (
        <input
          {...common}
          type="checkbox"
          role="switch"
          aria-checked={value === true}
          className={forms['switch']}
          checked={value === true}
          onChange={({ target }) => onChange(target.checked)}
        />
      );
    case 'choice':
      return (
        <select
          {...common}
          className={forms['input']}
          value={String(value ?? '')}
          onChange={({ target }) =>
            onChange(typeof value === 'number' ? Number(target.value) : target.value)
          }
        >
          {(value === 0 || value === '') && (
            <option value={String(value)}>{say(spec.none ?? 'choice.none')}</option>
          )}
          {choicesFor(spec.choices, lookups, say).map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.text}
            </option>
          ))}
        </select>
      );
    case 'many':
      return (
        <Many
          choices={choicesFor(spec.choices, lookups, say)}
          value={(value ?? []) as readonly (number | string)[]}
          onChange={(given) => onChange(given as FieldValue)}
        />
      );
    case 'list':
      return (
        <Lines
          label={say(spec.label)}
          placeholder={spec.placeholder}
          value={(value ?? []) as readonly string[]}
          onChange={onChange}
        />
      );
    case 'translations':
      return <Translations value={(value ?? []) as readonly Translation[]} onChange={onChange} />;
    case 'hours':
      return <HoursRows value={(value ?? []) as readonly WeekHours[]} onChange={onChange} />;
    case 'answers':
      return (
        <AnswerRows
          questions={lookups.questions}
          value={(value ?? []) as readonly GivenAnswer[]}
          onChange={onChange}
        />
      );
  }
}

function choicesFor(
  choices: readonly LabelledChoice[] | LookupName,
  lookups: Lookups,
  say: SayAdmin,
): readonly Choice[] {
  if (typeof choices === 'string') return lookups[choices];
  return choices.map(({ value, label }) => ({ value, text: say(label) }));
}

/** Some of several. */
export function Many({
  choices,
  value,
  onChange,
}: {
  readonly choices: readonly Choice[];
  readonly value: readonly (number | string)[];
  readonly onChange: (value: readonly (number | string)[]) => void;
}) {
  const say = useAdminTexts();
  if (choices.length === 0) return <p className={forms['hint']}>{say('choice.nothing')}</p>;
  return (
    <div className={forms['many']}>
      {choices.map((choice) => (
        <label key={choice.value}>
          <input
            type="checkbox"
            checked={value.includes(choice.value)}
            onChange={({ target }) =>
              onChange(
                target.checked
                  ? [...value, choice.value]
                  : value.filter((each) => each !== choice.value),
              )
            }
          />
          <span dir="auto">{choice.text}</span>
        </label>
      ))}
    </div>
  );
}

/** Texts, one per row: origins and the like. */
function Lines({
  label,
  placeholder,
  value,
  onChange,
}: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
}) {
  return (
    <div className={forms['rows']}>
      {value.map((each, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, its text changes at every key
        <div key={index} className={forms['rowOf']}>
          <input
            className={forms['input']}
            aria-label={`${label} ${index + 1}`}
            placeholder={placeholder}
            value={each}
            onChange={({ target }) => onChange(value.with(index, target.value))}
          />
          <RemoveRow onClick={() => onChange(value.filter((_, at) => at !== index))} />
        </div>
      ))}
      <AddRow onClick={() => onChange([...value, ''])} />
    </div>
  );
}

function Translations({
  value,
  onChange,
}: {
  readonly value: readonly Translation[];
  readonly onChange: (value: readonly Translation[]) => void;
}) {
  const say = useAdminTexts();
  return (
    <div className={forms['rows']}>
      {value.map((each, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, its text changes at every key
        <div key={index} className={forms['translation']}>
          <div className={forms['rowOf']}>
            <input
              className={forms['input']}
              aria-label={`${say('field.language')} ${index + 1}`}
              placeholder="en-US"
              maxLength={35}
              value={each.language}
              onChange={({ target }) =>
                onChange(value.with(index, { ...each, language: target.value }))
              }
            />
            <RemoveRow onClick={() => onChange(value.filter((_, at) => at !== index))} />
          </div>
          <textarea
            className={forms['input']}
            aria-label={`${say('field.text')} ${index + 1}`}
            dir="auto"
            rows={3}
            maxLength={8_000}
            value={each.text}
            onChange={({ target }) => onChange(value.with(index, { ...each, text: target.value }))}
          />
        </div>
      ))}
      <AddRow onClick={() => onChange([...value, { language: '', text: '' }])} />
    </div>
  );
}
