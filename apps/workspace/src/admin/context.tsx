/** How the pages of the administration reach the account's configuration, and their texts. */
import type { Administration } from '@parley/client/administration';
import { createContext, useCallback, useContext } from 'react';
import { useIntl } from 'react-intl';
import type { AdminTextId } from '../texts/admin/en.js';

export const AdministrationContext = createContext<Administration | null>(null);

export function useAdministration(): Administration {
  const administration = useContext(AdministrationContext);
  if (administration === null) throw new Error('This view stands outside of the administration.');
  return administration;
}

export type SayAdmin = (
  id: AdminTextId,
  values?: Readonly<Record<string, string | number>>,
) => string;

/** Says texts of the administration in the language of the page. */
export function useAdminTexts(): SayAdmin {
  const intl = useIntl();
  return useCallback<SayAdmin>((id, values) => intl.formatMessage({ id }, values), [intl]);
}
