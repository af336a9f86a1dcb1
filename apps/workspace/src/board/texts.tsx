/** The texts of the board, which few people open: loaded with it, and added to those of the workspace. */
import { useCallback } from 'react';
import { useIntl } from 'react-intl';
import type { BoardTextId } from '../texts/board/en.js';

export type SayBoard = (
  id: BoardTextId,
  values?: Readonly<Record<string, string | number>>,
) => string;

export function useBoardTexts(): SayBoard {
  const intl = useIntl();
  return useCallback<SayBoard>((id, values) => intl.formatMessage({ id }, values), [intl]);
}
