/** Surveys: before a chat, in place of one, after one, and the agent's own. */
import Type from 'typebox';
import { annotate, id, list, named, text, xmlAttribute } from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';

/** Longest answer to a question, in characters. */
export const ANSWER_MAX = 4_000;

/** How a question is answered. */
export const QuestionType = Type.Enum([
  'Text Field',
  'Text Area',
  'Dropdown Box',
  'Checkbox',
  'Radio Button',
  'Radio Button (side by side)',
]);

/** What an answer to a text question must be. */
export const ValidationType = Type.Enum(['alpha_numeric', 'numeric', 'email', 'phone']);

const Entry = Type.Object({
  value: xmlAttribute(Type.String()),
  displayValue: Type.String(),
  checked: xmlAttribute(Type.Boolean()),
  logic: Type.Optional(
    Type.Object({
      showLogicId: list(Type.Integer(), { description: 'The questions this entry makes visible.' }),
    }),
  ),
});

/** A question of a survey; `answer` is empty unless the survey is shown with what was answered. */
export const Question = named(
  'Question',
  Type.Object({
    id: xmlAttribute(Type.Integer()),
    order: xmlAttribute(Type.Integer()),
    logicId: xmlAttribute(Type.Integer()),
    mandatory: xmlAttribute(Type.Boolean()),
    type: xmlAttribute(QuestionType),
    validationType: xmlAttribute(ValidationType),
    label: Type.String(),
    lastKnownValue: Type.Optional(Type.String()),
    // The original's own pages read `question[0]` and `entry.length`, whatever their number.
    entry: list(Entry, { always: true }),
    answer: list(Type.String()),
  }),
);

export const Survey = named(
  'Survey',
  Type.Object({
    id: xmlAttribute(Type.Integer()),
    title: Type.String(),
    header: Type.String(),
    questions: list(Question, { item: 'question', always: true }),
  }),
);

export const surveyDocument = defineDocument({
  name: 'survey',
  root: 'survey',
  style: 'attributes',
  description: 'A survey to fill in.',
  schema: Survey,
});
export type SurveyDocument = DocumentValue<typeof surveyDocument>;

const AnswerInput = Type.Object({
  id: xmlAttribute(id()),
  answer: list(text(ANSWER_MAX), { maxItems: 100 }),
  entry: list(
    Type.Object({
      value: xmlAttribute(text(ANSWER_MAX)),
      checked: xmlAttribute(annotate(Type.Boolean(), { default: false })),
    }),
    {
      maxItems: 200,
      description: 'For a survey that is sent back as a whole: which entries are checked.',
    },
  ),
});

/** Answers to a survey: `question` alone, or the whole structure sent back with answers in it. */
export const SurveyAnswers = Type.Object({
  id: Type.Optional(xmlAttribute(id())),
  question: list(AnswerInput, { maxItems: 200, alsoNamed: ['questions'], alsoItem: ['question'] }),
});
export type SurveyAnswers = Type.Static<typeof SurveyAnswers>;

export const surveyAnswersDocument = defineDocument({
  name: 'surveyAnswers',
  root: 'survey',
  style: 'attributes',
  description: 'Answers to a survey.',
  schema: SurveyAnswers,
});

/** What was answered to one question: its answers, else the values of its checked entries. */
export function givenAnswers(question: SurveyAnswers['question'][number]): readonly string[] {
  if (question.answer.length > 0) return question.answer;
  return question.entry.filter((entry) => entry.checked).map((entry) => entry.value);
}
