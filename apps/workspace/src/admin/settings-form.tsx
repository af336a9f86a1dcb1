/** The frame that every group of settings has: its title, what it holds, and how it is saved. */
import type { ConfiguredSettings, SettingsChange } from '@parley/client/administration';
import type { FormEvent, ReactNode } from 'react';
import type { AdminTextId } from '../texts/admin/en.js';
import { useAdministration, useAdminTexts } from './context.js';
import forms from './form.module.css';
import { SaveBar, type Saving, saveSettings, useSave } from './saving.js';

/** A group of settings as it is being saved. */
export interface SettingsSave {
  readonly saving: Saving;
  readonly save: (overwrite: boolean) => void;
  readonly onSaved: () => void;
}

/**
 * @param change what is saved
 * @param isUnchanged whether what is edited still stands like that
 * @param revision of the settings as they were read
 */
export function useSettingsSave({
  change,
  isUnchanged,
  revision,
  onSaved,
}: {
  readonly change: SettingsChange;
  readonly isUnchanged: (latest: ConfiguredSettings) => boolean;
  readonly revision: string | null;
  readonly onSaved: () => void;
}): SettingsSave {
  const administration = useAdministration();
  const [saving, store] = useSave((overwrite) =>
    saveSettings(administration, change, { revision: overwrite ? null : revision, isUnchanged }),
  );
  const save = (overwrite: boolean) =>
    void store(overwrite).then((saved) => {
      if (saved) onSaved();
    });
  return { saving, save, onSaved };
}

/**
 * @param named whether the refusal stands at its field already
 * @param foot what stands below the buttons
 */
export function SettingsForm({
  title,
  explains,
  saved: { saving, save, onSaved },
  dirty,
  named = false,
  onReset,
  children,
  foot,
}: {
  readonly title: AdminTextId;
  readonly explains?: AdminTextId;
  readonly saved: SettingsSave;
  readonly dirty: boolean;
  readonly named?: boolean;
  readonly onReset: () => void;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
}) {
  const say = useAdminTexts();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save(false);
  };
  return (
    <form className={forms['group']} onSubmit={submit} noValidate>
      <h2>{say(title)}</h2>
      {explains !== undefined && <p className={forms['hint']}>{say(explains)}</p>}
      {children}
      <SaveBar
        dirty={dirty}
        saving={saving}
        named={named}
        onOverwrite={() => save(true)}
        onDiscard={onSaved}
        onReset={onReset}
      />
      {foot}
    </form>
  );
}
