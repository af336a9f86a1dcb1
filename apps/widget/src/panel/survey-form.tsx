/** Questions to answer: before a chat, after one, and in place of one. */
import {
  type Answers,
  type Survey,
  type SurveyQuestion,
  shownQuestions,
} from '@parley/client/visitor';
import { useRef, useState } from 'preact/hooks';
import type { Session } from './session.js';
import type { Texts } from './texts.js';

type AnswerInput = Record<number, string | readonly string[]>;

interface SurveyFormProps {
  readonly survey: Survey;
  readonly intro: string;
  readonly texts: Texts;
  readonly isBusy: boolean;
  readonly action: string;
  readonly submit: (answers: Answers) => void;
  /** Its button is not the main one of the panel's. */
  readonly isQuiet?: boolean;
}

export function SurveyForm(props: SurveyFormProps) {
  const { survey, intro, texts, isBusy, action, submit } = props;
  const [answers, setAnswers] = useState<AnswerInput>(() => initially(survey));
  const [problems, setProblems] = useState<Record<number, string>>({});
  const form = useRef<HTMLFormElement>(null);
  const shown = shownQuestions(survey, answers);
  return (
    <form
      ref={form}
      class={props.isQuiet ? 'form' : 'content form'}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const found = problemsOf(shown, answers, texts);
        setProblems(found);
        if (Object.keys(found).length === 0) submit(answersOf(shown, answers));
        else focusFirst(form.current);
      }}
    >
      <p class="intro">{survey.header || intro}</p>
      <Questions
        questions={shown}
        answers={answers}
        problems={problems}
        texts={texts}
        set={(id, answer) => setAnswers({ ...answers, [id]: answer })}
      />
      <button type="submit" class="primary" disabled={isBusy}>
        {action}
      </button>
    </form>
  );
}

/** What is asked before a chat, and the first message, on one screen. */
export function StartForm({
  session,
  texts,
  survey,
}: {
  readonly session: Session;
  readonly texts: Texts;
  readonly survey: Survey | null;
}) {
  const [answers, setAnswers] = useState<AnswerInput>(() =>
    survey === null ? {} : initially(survey),
  );
  const [problems, setProblems] = useState<Record<number, string>>({});
  const [message, setMessage] = useState(session.kept.draft);
  const form = useRef<HTMLFormElement>(null);
  const shown = survey === null ? [] : shownQuestions(survey, answers);
  const isRequired = survey === null;
  const isMissing = isRequired && problems[FIRST_MESSAGE] !== undefined && message.trim() === '';
  return (
    <form
      ref={form}
      class="content form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const found = problemsOf(shown, answers, texts);
        if (isRequired && message.trim() === '') found[FIRST_MESSAGE] = texts.required;
        setProblems(found);
        if (Object.keys(found).length === 0) void session.start(answersOf(shown, answers), message);
        else focusFirst(form.current);
      }}
    >
      <p class="intro">{survey?.header || texts.welcome}</p>
      <Questions
        questions={shown}
        answers={answers}
        problems={problems}
        texts={texts}
        set={(id, answer) => setAnswers({ ...answers, [id]: answer })}
      />
      <label>
        <span>
          {texts.firstMessage}
          {isRequired ? '' : <small> ({texts.optional})</small>}
        </span>
        <textarea
          rows={3}
          dir="auto"
          value={message}
          aria-invalid={isMissing}
          aria-describedby={isMissing ? 'first-problem' : undefined}
          onInput={(event) => setMessage(event.currentTarget.value)}
        />
        {isMissing ? (
          <span id="first-problem" class="wrong">
            {texts.required}
          </span>
        ) : null}
      </label>
      <button type="submit" class="primary" disabled={session.isBusy}>
        {session.isBusy ? texts.starting : texts.start}
      </button>
    </form>
  );
}

const FIRST_MESSAGE = -1;

interface QuestionsProps {
  readonly questions: readonly SurveyQuestion[];
  readonly answers: AnswerInput;
  readonly problems: Readonly<Record<number, string>>;
  readonly texts: Texts;
  readonly set: (id: number, answer: string | readonly string[]) => void;
}

function Questions({ questions, answers, problems, texts, set }: QuestionsProps) {
  return (
    <>
      {questions.map((question) => (
        <Question
          key={question.id}
          question={question}
          answer={answers[question.id] ?? ''}
          problem={problems[question.id]}
          texts={texts}
          set={(answer) => set(question.id, answer)}
        />
      ))}
    </>
  );
}

interface QuestionProps {
  readonly question: SurveyQuestion;
  readonly answer: string | readonly string[];
  readonly problem: string | undefined;
  readonly texts: Texts;
  readonly set: (answer: string | readonly string[]) => void;
}

function Question({ question, answer, problem, texts, set }: QuestionProps) {
  const { id, label, mandatory, type, entries, validationType } = question;
  const wrong = problem === undefined ? {} : { 'aria-describedby': `wrong-${id}` };
  const caption = (
    <span>
      {label}
      {mandatory ? '' : <small> ({texts.optional})</small>}
    </span>
  );
  const problemLine =
    problem === undefined ? null : (
      <span id={`wrong-${id}`} class="wrong">
        {problem}
      </span>
    );
  const text = typeof answer === 'string' ? answer : '';
  const common = { 'aria-invalid': problem !== undefined, 'aria-required': mandatory, ...wrong };
  const field = {
    id: `question-${id}`,
    dir: 'auto' as const,
    value: text,
    ...common,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) =>
      set(event.currentTarget.value),
  };
  switch (type) {
    case 'Text Area':
      return (
        <label>
          {caption}
          <textarea
            rows={3}
            dir="auto"
            value={text}
            {...common}
            onInput={(event) => set(event.currentTarget.value)}
          />
          {problemLine}
        </label>
      );
    case 'Dropdown Box':
      return (
        <label>
          {caption}
          <select value={text} {...common} onChange={(event) => set(event.currentTarget.value)}>
            <option value="">{texts.choose}</option>
            {entries.map(({ value, displayValue }) => (
              <option key={value} value={value}>
                {displayValue}
              </option>
            ))}
          </select>
          {problemLine}
        </label>
      );
    case 'Checkbox':
    case 'Radio Button':
    case 'Radio Button (side by side)': {
      const many = type === 'Checkbox';
      const chosen = [answer].flat();
      return (
        <fieldset class={type === 'Radio Button (side by side)' ? 'side' : ''} {...wrong}>
          <legend>{caption}</legend>
          {entries.map(({ value, displayValue }) => (
            <label key={value} class="choice">
              <input
                type={many ? 'checkbox' : 'radio'}
                name={`question-${id}`}
                aria-invalid={problem !== undefined}
                checked={chosen.includes(value)}
                onChange={({ currentTarget }) => {
                  const others = chosen.filter((each) => each !== value && each !== '');
                  if (many) set(currentTarget.checked ? [...others, value] : others);
                  else set(value);
                }}
              />
              {displayValue}
            </label>
          ))}
          {problemLine}
        </fieldset>
      );
    }
    default:
      return (
        <label for={`question-${id}`}>
          {caption}
          {validationType === 'email' ? (
            <input type="email" {...field} />
          ) : validationType === 'phone' ? (
            <input type="tel" {...field} />
          ) : (
            <input type="text" {...field} />
          )}
          {problemLine}
        </label>
      );
  }
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

function initially({ questions }: Survey): AnswerInput {
  return Object.fromEntries(
    questions.map(({ id, type, entries, lastKnownValue }) => {
      const checked = entries.filter((entry) => entry.checked).map(({ value }) => value);
      return [id, type === 'Checkbox' ? checked : (checked[0] ?? lastKnownValue)];
    }),
  );
}

/** Fields that are filled are checked, whether they must be filled or not. */
function problemsOf(
  questions: readonly SurveyQuestion[],
  answers: AnswerInput,
  texts: Texts,
): Record<number, string> {
  const problems: Record<number, string> = {};
  for (const { id, mandatory, validationType, entries } of questions) {
    const answer = [answers[id] ?? []].flat().filter((each) => each.trim() !== '');
    const text = answer[0] ?? '';
    if (answer.length === 0) {
      if (mandatory) problems[id] = texts.required;
    } else if (entries.length === 0 && validationType === 'email' && !EMAIL.test(text.trim())) {
      problems[id] = texts.badEmail;
    } else if (
      entries.length === 0 &&
      validationType === 'numeric' &&
      !/^[\d\s.,+-]+$/.test(text)
    ) {
      problems[id] = texts.badNumber;
    }
  }
  return problems;
}

/** Answers of questions that are shown alone. */
function answersOf(questions: readonly SurveyQuestion[], answers: AnswerInput): Answers {
  const filled: Record<number, string | readonly string[]> = {};
  for (const { id } of questions) {
    const answer = [answers[id] ?? []].flat().filter((each) => each.trim() !== '');
    if (answer.length > 0) filled[id] = answer;
  }
  return filled;
}

function focusFirst(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
