/** What text fields are offered, as the browser's own list: typing narrows it. */
import { useMemo } from 'react';
import { useIntl } from 'react-intl';

/** Languages that are offered; any other tag may be written. */
const LANGUAGES = [
  ...[
    'de-AT',
    'de-CH',
    'de-DE',
    'en-GB',
    'en-US',
    'ar',
    'bg',
    'cs',
    'da',
    'el-GR',
    'es',
    'fi',
    'fr',
  ],
  ...[
    'he',
    'hr',
    'hu',
    'it',
    'ja',
    'ko',
    'nl',
    'no',
    'pl',
    'pt-BR',
    'pt-PT',
    'ro',
    'ru',
    'sk',
    'sl',
  ],
  ...['sv', 'tr', 'uk', 'zh-CN', 'zh-TW'],
];

export function Suggested({
  id,
  what,
}: {
  readonly id: string;
  readonly what: 'timeZones' | 'languages';
}) {
  const { locale } = useIntl();
  const choices = useMemo(() => {
    if (what === 'timeZones') {
      return ['UTC', ...Intl.supportedValuesOf('timeZone')].map((value) => ({ value, text: '' }));
    }
    const names = new Intl.DisplayNames([locale], { type: 'language' });
    return LANGUAGES.map((value) => ({ value, text: names.of(value) ?? '' }));
  }, [what, locale]);
  return (
    <datalist id={id}>
      {choices.map(({ value, text }) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </datalist>
  );
}
