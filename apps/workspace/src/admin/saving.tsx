/** How a form is saved, with what happens when somebody else was faster. */
import {
  type Administration,
  type ConfiguredSettings,
  RefusedError,
  type SettingsChange,
} from '@parley/client/administration';
import { useState } from 'react';
import { Button } from '../parts/button.js';
import { ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import forms from './form.module.css';
import { useAdminTexts } from './context.js';

/**
 * Saves settings as they were read. They have one revision: when it is another one by now, but nothing
 * that is shown here has changed, they are saved all the same.
 * @param revision null to overwrite whatever stands there
 * @param isUnchanged whether what is shown here still stands like that
 * @throws RefusedError 412 when it does not
 */
export async function saveSettings(
  administration: Administration,
  change: SettingsChange,
  {
    revision,
    isUnchanged,
  }: {
    readonly revision: string | null;
    readonly isUnchanged: (latest: ConfiguredSettings) => boolean;
  },
): Promise<void> {
  try {
    await administration.changeSettings(change, { revision });
  } catch (error) {
    if (!isStale(error)) throw error;
    const latest = await administration.settings();
    if (!isUnchanged(latest.settings)) throw error;
    await administration.changeSettings(change, { revision: latest.revision });
  }
}

/** Whether somebody else was faster. */
export function isStale(error: unknown): boolean {
  return error instanceof RefusedError && error.status === 412;
}

/** How a save goes. */
export interface Saving {
  readonly busy: boolean;
  readonly error: unknown;
  /** Somebody else changed the settings since they were read. */
  readonly stale: boolean;
}

/** @returns how it goes, and what saves: true when it is stored */
export function useSave(
  store: (overwrite: boolean) => Promise<unknown>,
): readonly [Saving, (overwrite: boolean) => Promise<boolean>] {
  const [saving, setSaving] = useState<Saving>({ busy: false, error: null, stale: false });
  const save = async (overwrite: boolean) => {
    setSaving({ busy: true, error: null, stale: false });
    try {
      await store(overwrite);
      setSaving({ busy: false, error: null, stale: false });
      return true;
    } catch (error) {
      const stale = isStale(error);
      setSaving({ busy: false, error, stale });
      return false;
    }
  };
  return [saving, save];
}

export function SaveBar({
  dirty,
  saving,
  named = false,
  onOverwrite,
  onDiscard,
  onReset,
}: {
  readonly dirty: boolean;
  readonly saving: Saving;
  /** Whether the refusal stands at its field already. */
  readonly named?: boolean;
  readonly onOverwrite: () => void;
  /** Reads the settings again, as somebody else has left them. */
  readonly onDiscard: () => void;
  readonly onReset: () => void;
}) {
  const say = useAdminTexts();
  if (saving.stale) {
    return (
      <section className={forms['conflict']} role="alert">
        <p>{say('conflict.settings')}</p>
        <div className={forms['conflictActions']}>
          <Button onClick={onDiscard}>{say('conflict.discard')}</Button>
          <Button kind="danger" onClick={onOverwrite}>
            {say('conflict.overwrite')}
          </Button>
        </div>
      </section>
    );
  }
  return (
    <>
      {saving.error !== null && !named && <ErrorText>{messageOf(saving.error)}</ErrorText>}
      {dirty && (
        <div className={forms['groupFoot']}>
          <Button onClick={onReset}>{say('sheet.discard')}</Button>
          <Button kind="primary" type="submit" disabled={saving.busy}>
            {say(saving.busy ? 'sheet.saving' : 'sheet.save')}
          </Button>
        </div>
      )}
    </>
  );
}
