/** When a rule holds: the hours of the week, and what was answered before the chat. */
import { useAdminTexts } from './context.js';
import forms from './form.module.css';
import type { Choice, GivenAnswer, WeekHours } from './model.js';
import { Clock, useDayName, WEEKDAYS } from './opening-hours.js';
import { AddRow, RemoveRow } from './rows.js';

export function HoursRows({
  value,
  onChange,
}: {
  readonly value: readonly WeekHours[];
  readonly onChange: (value: readonly WeekHours[]) => void;
}) {
  const say = useAdminTexts();
  const dayName = useDayName();
  const put = (index: number, change: Partial<WeekHours>) =>
    onChange(value.with(index, { ...(value[index] as WeekHours), ...change }));
  return (
    <div className={forms['rows']}>
      {value.map(({ weekday, from, to }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, its hours change at every key
        <div key={index} className={forms['rowOf']}>
          <select
            className={forms['input']}
            aria-label={say('hours.day')}
            value={weekday}
            onChange={({ target }) => put(index, { weekday: target.value })}
          >
            {WEEKDAYS.map((each) => (
              <option key={each} value={each}>
                {dayName(each)}
              </option>
            ))}
          </select>
          <Clock
            label={say('hours.from')}
            value={from}
            onChange={(time) => put(index, { from: time })}
          />
          <span aria-hidden>–</span>
          <Clock label={say('hours.to')} value={to} onChange={(time) => put(index, { to: time })} />
          <RemoveRow onClick={() => onChange(value.filter((_, at) => at !== index))} />
        </div>
      ))}
      <AddRow
        onClick={() => onChange([...value, { weekday: 'Monday', from: '09:00', to: '17:00' }])}
      />
    </div>
  );
}

/** @param questions those of the surveys before a chat */
export function AnswerRows({
  questions,
  value,
  onChange,
}: {
  readonly questions: readonly Choice[];
  readonly value: readonly GivenAnswer[];
  readonly onChange: (value: readonly GivenAnswer[]) => void;
}) {
  const say = useAdminTexts();
  const put = (index: number, change: Partial<GivenAnswer>) =>
    onChange(value.with(index, { ...(value[index] as GivenAnswer), ...change }));
  const first = questions[0];
  return (
    <div className={forms['rows']}>
      {value.map(({ questionId, answer }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, its text changes at every key
        <div key={index} className={forms['rowOf']}>
          <select
            className={forms['input']}
            aria-label={say('answers.question')}
            value={questionId}
            onChange={({ target }) => put(index, { questionId: Number(target.value) })}
          >
            {!questions.some((each) => each.value === questionId) && (
              <option value={questionId}>{say('answers.gone', { id: questionId })}</option>
            )}
            {questions.map((each) => (
              <option key={each.value} value={each.value}>
                {each.text}
              </option>
            ))}
          </select>
          <input
            className={forms['input']}
            dir="auto"
            aria-label={say('answers.answer')}
            placeholder={say('answers.answer')}
            value={answer}
            onChange={({ target }) => put(index, { answer: target.value })}
          />
          <RemoveRow onClick={() => onChange(value.filter((_, at) => at !== index))} />
        </div>
      ))}
      {first === undefined ? (
        <p className={forms['hint']}>{say('answers.none')}</p>
      ) : (
        <AddRow
          onClick={() => onChange([...value, { questionId: Number(first.value), answer: '' }])}
        />
      )}
    </div>
  );
}
