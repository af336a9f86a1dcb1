/** One question of a survey as the fields that answer it. */
import { useId } from 'react';
import type { SurveyQuestion } from '@parley/client/agent';
import { useTexts } from '../texts/index.js';
import styles from './over-bar.module.css';

export interface SurveyQuestionProps {
  readonly question: SurveyQuestion;
  readonly value: string | readonly string[] | undefined;
  readonly onChange: (value: string | readonly string[]) => void;
}

export function SurveyQuestionField({ question, value, onChange }: SurveyQuestionProps) {
  const say = useTexts();
  const id = useId();
  const label = question.mandatory
    ? `${question.label} (${say('survey.mandatory')})`
    : question.label;
  if (question.entries.length > 0) {
    const several = /check/i.test(question.type);
    const given = [value ?? []].flat();
    const toggle = (entry: string) =>
      given.includes(entry) ? given.filter((each) => each !== entry) : [...given, entry];
    return (
      <fieldset className={styles['question']}>
        <legend dir="auto">{label}</legend>
        {question.entries.map((entry) => (
          <label key={entry.value} className={styles['choice']}>
            <input
              type={several ? 'checkbox' : 'radio'}
              name={id}
              checked={given.includes(entry.value)}
              onChange={() => onChange(several ? toggle(entry.value) : entry.value)}
            />
            <span dir="auto">{entry.displayValue}</span>
          </label>
        ))}
      </fieldset>
    );
  }
  return (
    <div className={styles['question']}>
      <label htmlFor={id} dir="auto">
        {label}
      </label>
      <textarea
        id={id}
        rows={2}
        dir="auto"
        value={[value ?? ''].flat().join('')}
        onChange={({ target }) => onChange(target.value)}
      />
    </div>
  );
}
