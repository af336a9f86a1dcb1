/** What stands in a field, as people read it: both versions of it when somebody else was faster. */
import type { SayAdmin } from './context.js';
import type {
  FieldSpec,
  FieldValue,
  GivenAnswer,
  Lookups,
  Translation,
  WeekHours,
} from './model.js';

export function shownValue(
  spec: FieldSpec,
  value: FieldValue | undefined,
  lookups: Lookups,
  say: SayAdmin,
): string {
  switch (spec.kind) {
    case 'switch':
      return say(value === true ? 'value.on' : 'value.off');
    case 'password':
      return '•••';
    case 'choice':
    case 'many': {
      const { choices } = spec;
      const names =
        typeof choices === 'string'
          ? lookups[choices]
          : choices.map((each) => ({ value: each.value, text: say(each.label) }));
      const chosen = [value ?? []].flat() as readonly (number | string)[];
      return chosen
        .map((id) => names.find((each) => each.value === id)?.text ?? String(id))
        .join(', ');
    }
    case 'list':
      return ((value ?? []) as readonly string[]).join(', ');
    case 'translations':
      return ((value ?? []) as readonly Translation[])
        .map(({ language, text }) => (language === '' ? text : `${language}: ${text}`))
        .join('\n');
    case 'hours':
      return ((value ?? []) as readonly WeekHours[])
        .map(({ weekday, from, to }) => `${weekday} ${from} – ${to}`)
        .join('\n');
    case 'answers':
      return ((value ?? []) as readonly GivenAnswer[])
        .map(({ questionId, answer }) => {
          const question = lookups.questions.find((each) => each.value === questionId);
          return `${question?.text ?? questionId}: ${answer}`;
        })
        .join('\n');
    default:
      return String(value ?? '');
  }
}
