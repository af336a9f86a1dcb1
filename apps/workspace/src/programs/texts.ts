/** The texts of the programs' page: loaded with it, and added to those of the workspace. */
import { useCallback } from 'react';
import { useIntl } from 'react-intl';
import type { ProgramTextId } from '../texts/programs/en.js';

export type SayProgram = (
  id: ProgramTextId,
  values?: Readonly<Record<string, string | number>>,
) => string;

export function useProgramTexts(): SayProgram {
  const intl = useIntl();
  return useCallback<SayProgram>((id, values) => intl.formatMessage({ id }, values), [intl]);
}
