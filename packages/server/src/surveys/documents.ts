/** Surveys as documents, empty or filled in. */
import type { FilledSurvey, SurveyAnswer } from '@parley/engine';
import type { SurveyDocument } from '@parley/protocol';
import type { Stored, SurveyQuestion } from '@parley/configuration/records/records';

type QuestionValue = SurveyDocument['questions'][number];

/** The survey to fill in, with what was answered before, if anything. */
export function surveyValue(
  survey: Stored<'survey'>,
  filled: FilledSurvey | null = null,
): SurveyDocument {
  const { id, title, header } = survey;
  const before = filled?.surveyId === id ? filled.answers : [];
  const questions = survey.questions
    .toSorted((a, b) => a.order - b.order)
    .map((question) => questionValue(question, valuesOf(question.id, before)));
  return { id, title, header, questions };
}

/**
 * A filled survey: its questions with the answers. Of a survey that was changed since, the questions
 * that were answered are shown as they were put.
 */
export function filledSurveyValue(
  survey: Stored<'survey'> | undefined,
  filled: FilledSurvey,
): SurveyDocument {
  const known = survey === undefined ? [] : surveyValue(survey, filled).questions;
  const gone = filled.answers
    .filter((answer) => !known.some(({ id }) => id === answer.questionId))
    .map((answer, index) => goneQuestion(answer, known.length + index));
  return {
    id: filled.surveyId,
    title: filled.title,
    header: survey?.header ?? '',
    questions: [...known, ...gone],
  };
}

function valuesOf(questionId: number, answers: readonly SurveyAnswer[]): readonly string[] {
  return answers.find((answer) => answer.questionId === questionId)?.values ?? [];
}

function questionValue(question: SurveyQuestion, values: readonly string[]): QuestionValue {
  const { id, order, logicId, mandatory, type, validationType, label } = question;
  const [text] = question.entries.length === 0 ? values : [];
  return {
    id,
    order,
    logicId,
    mandatory,
    type,
    validationType,
    label,
    ...(text === undefined ? {} : { lastKnownValue: text }),
    entry: question.entries.map((entry) => ({
      value: entry.value,
      displayValue: entry.displayValue,
      checked: values.length === 0 ? entry.checked : values.includes(entry.value),
      ...(entry.showLogicId.length === 0 ? {} : { logic: { showLogicId: [...entry.showLogicId] } }),
    })),
    answer: [...values],
  };
}

function goneQuestion({ questionId, label, values }: SurveyAnswer, order: number): QuestionValue {
  return {
    id: questionId,
    order,
    logicId: questionId,
    mandatory: false,
    type: 'Text Field',
    validationType: 'alpha_numeric',
    label,
    entry: [],
    answer: [...values],
  };
}
