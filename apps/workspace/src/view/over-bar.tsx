/** What stands in the composer's place when the chat is over: the agent's survey, and the way out. */
import { useCallback, useState } from 'react';
import { useLocation } from 'wouter';
import { type Answers, type Survey, shownQuestions } from '@parley/client/agent';
import { Button } from '../parts/button.js';
import { ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import type { ChatEntry } from '../state/model.js';
import { useTexts } from '../texts/index.js';
import { useController, useLoaded } from './workspace-context.js';
import styles from './over-bar.module.css';
import { SurveyQuestionField } from './survey-field.js';

export function OverBar({ chat }: { readonly chat: ChatEntry }) {
  const say = useTexts();
  const controller = useController();
  const [, go] = useLocation();
  const over = chat.over ?? 'ended';
  const load = useCallback(
    async (signal: AbortSignal) => (over === 'ended' ? chat.chat.survey(signal) : null),
    [chat.chat, over],
  );
  const [survey] = useLoaded(load);
  const leave = () => {
    controller.dismiss(chat.id);
    go('/');
  };
  return (
    <section className={styles['bar']} data-region aria-label={say('survey.title')}>
      <div className={styles['column']}>
        <div className={styles['line']}>
          <p role="status">{say(`over.${over}`)}</p>
          {(survey.status !== 'ready' || survey.value === null) && (
            <Button kind="primary" onClick={leave}>
              {say('over.dismiss')}
            </Button>
          )}
        </div>
        {survey.status === 'ready' && survey.value !== null && (
          <SurveyForm survey={survey.value} chat={chat} onDone={leave} />
        )}
      </div>
    </section>
  );
}

function SurveyForm({
  survey,
  chat,
  onDone,
}: {
  readonly survey: Survey;
  readonly chat: ChatEntry;
  readonly onDone: () => void;
}) {
  const say = useTexts();
  const [answers, setAnswers] = useState<Answers>({});
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const shown = shownQuestions(survey, answers);
  const submit = async () => {
    const missing = shown.find(
      ({ id, mandatory }) => mandatory && [answers[id] ?? []].flat().join('') === '',
    );
    if (missing !== undefined) {
      setError(say('survey.missing', { question: missing.label }));
      return;
    }
    setBusy(true);
    setError(null);
    try {
      // What a branch hid again is not answered.
      const visible = new Set(shown.map(({ id }) => String(id)));
      await chat.chat.submitSurvey(
        Object.fromEntries(Object.entries(answers).filter(([id]) => visible.has(id))),
      );
      onDone();
    } catch (failure) {
      setError(messageOf(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className={styles['form']}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h3 dir="auto">{survey.title || survey.header || say('survey.title')}</h3>
      {shown.map((question) => (
        <SurveyQuestionField
          key={question.id}
          question={question}
          value={answers[question.id]}
          onChange={(value) => setAnswers((before) => ({ ...before, [question.id]: value }))}
        />
      ))}
      {error !== null && <ErrorText>{error}</ErrorText>}
      <div className={styles['buttons']}>
        <Button onClick={onDone}>{say('survey.skip')}</Button>
        <Button kind="primary" type="submit" disabled={busy}>
          {say('survey.submit')}
        </Button>
      </div>
    </form>
  );
}
