/** Adds texts that were loaded later to those of the workspace. */
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { createIntl, RawIntlProvider, useIntl } from 'react-intl';

export function WithTexts({
  texts,
  children,
}: {
  readonly texts: Readonly<Record<string, string>>;
  readonly children: ReactNode;
}) {
  const { locale, messages } = useIntl();
  const intl = useMemo(
    () => createIntl({ locale, messages: { ...(messages as object), ...texts } }),
    [locale, messages, texts],
  );
  return <RawIntlProvider value={intl}>{children}</RawIntlProvider>;
}
