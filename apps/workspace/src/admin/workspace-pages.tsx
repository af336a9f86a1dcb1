/** Pages of the account's own systems that the workspace shows beside chats. */
import type { ConfiguredSettings } from '@parley/client/administration';
import { Plus } from 'lucide-react';
import { useCallback, useId, useState } from 'react';
import { Button } from '../parts/button.js';
import { useLoaded } from '../view/workspace-context.js';
import { useAdministration, useAdminTexts } from './context.js';
import { Many } from './fields.js';
import forms from './form.module.css';
import type { Choice } from './model.js';
import { RemoveRow } from './rows.js';
import { SettingsForm, useSettingsSave } from './settings-form.js';

type Page = NonNullable<ConfiguredSettings['workspacePages']>[number];
type Role = NonNullable<Page['roles']>[number];

export function WorkspacePages({
  settings,
  revision,
  onSaved,
}: {
  readonly settings: ConfiguredSettings;
  readonly revision: string | null;
  readonly onSaved: () => void;
}) {
  const say = useAdminTexts();
  const administration = useAdministration();
  const [before] = useState<readonly Page[]>(settings.workspacePages ?? []);
  const [pages, setPages] = useState(before);
  const [skills] = useLoaded(
    useCallback(
      async (signal: AbortSignal): Promise<readonly Choice[]> => {
        const { items } = await administration.skills.list({ signal });
        return items.map(({ id, name }) => ({ value: id, text: name ?? String(id) }));
      },
      [administration],
    ),
  );
  const dirty = JSON.stringify(before) !== JSON.stringify(pages);
  const saved = useSettingsSave({
    change: { workspacePages: [...pages] },
    isUnchanged: (latest) =>
      JSON.stringify(latest.workspacePages) === JSON.stringify(settings.workspacePages),
    revision,
    onSaved,
  });
  return (
    <SettingsForm
      title="setting.group.pages"
      explains="pages.explains"
      saved={saved}
      dirty={dirty}
      onReset={() => setPages(before)}
    >
      <div className={forms['rows']}>
        {pages.map((page, index) => (
          <PageFields
            // biome-ignore lint/suspicious/noArrayIndexKey: a page is its place, its title changes at every key
            key={index}
            number={index + 1}
            page={page}
            skills={skills.status === 'ready' ? skills.value : []}
            onChange={(change) => setPages(pages.with(index, { ...page, ...change }))}
            onRemove={() => setPages(pages.filter((_, at) => at !== index))}
          />
        ))}
        <Button
          kind="plain"
          className={forms['edge']}
          onClick={() => setPages([...pages, { title: '', url: '', skillIds: [], roles: [] }])}
        >
          <Plus size={16} strokeWidth={1.75} aria-hidden />
          {say('pages.add')}
        </Button>
      </div>
    </SettingsForm>
  );
}

function PageFields({
  number,
  page,
  skills,
  onChange,
  onRemove,
}: {
  readonly number: number;
  readonly page: Page;
  readonly skills: readonly Choice[];
  readonly onChange: (change: Partial<Page>) => void;
  readonly onRemove: () => void;
}) {
  const say = useAdminTexts();
  const id = useId();
  const roles: readonly Choice[] = [
    { value: 'agent', text: say('profile.2') },
    { value: 'manager', text: say('profile.3') },
    { value: 'administrator', text: say('profile.1') },
  ];
  return (
    <fieldset className={forms['page']}>
      <legend>{say('pages.page', { number })}</legend>
      <div className={forms['field']}>
        <label htmlFor={`${id}-title`}>{say('pages.title')}</label>
        <div className={forms['rowOf']}>
          <input
            id={`${id}-title`}
            className={forms['input']}
            dir="auto"
            maxLength={60}
            value={page.title ?? ''}
            onChange={({ target }) => onChange({ title: target.value })}
          />
          <RemoveRow onClick={onRemove} />
        </div>
      </div>
      <div className={forms['field']}>
        <label htmlFor={`${id}-url`}>{say('pages.url')}</label>
        <input
          id={`${id}-url`}
          className={forms['input']}
          type="url"
          placeholder="https://crm.example/orders"
          maxLength={2_000}
          value={page.url ?? ''}
          onChange={({ target }) => onChange({ url: target.value })}
        />
      </div>
      <fieldset className={forms['field']}>
        <legend>{say('pages.skills')}</legend>
        <Many
          choices={skills}
          value={page.skillIds ?? []}
          onChange={(skillIds) => onChange({ skillIds: skillIds as number[] })}
        />
      </fieldset>
      <fieldset className={forms['field']}>
        <legend>{say('pages.roles')}</legend>
        <Many
          choices={roles}
          value={page.roles ?? []}
          onChange={(chosen) => onChange({ roles: chosen as Role[] })}
        />
      </fieldset>
    </fieldset>
  );
}
