/** The account's settings, in groups; each group is saved by itself. */
import {
  type ConfiguredSettings,
  RefusedError,
  type SettingsChange,
} from '@parley/client/administration';
import { useCallback, useState } from 'react';
import type { AdminTextId } from '../texts/admin/en.js';
import { useLoaded } from '../view/workspace-context.js';
import { useAdministration } from './context.js';
import { FormField } from './fields.js';
import { NotReady } from './loading.js';
import { changed, type FieldSpec, type Form, same } from './model.js';
import { MailTest } from './mail-test.js';
import { OpeningHours } from './opening-hours.js';
import { Heading } from './section-page.js';
import { NO_LOOKUPS } from './sections.js';
import { SettingsForm, useSettingsSave } from './settings-form.js';
import { WorkspacePages } from './workspace-pages.js';

interface Group {
  readonly title: AdminTextId;
  readonly fields: readonly FieldSpec[];
  readonly form: (settings: ConfiguredSettings) => Form;
  readonly change: (form: Form) => SettingsChange;
}

const seconds = (name: keyof ConfiguredSettings & string, min: number, max: number): FieldSpec => ({
  name,
  label: `setting.${name}` as AdminTextId,
  kind: 'number',
  min,
  max,
});

const TIMES = [
  seconds('ringSeconds', 5, 600),
  seconds('maxWaitSeconds', 0, 86_400),
  seconds('answerLimitSeconds', 0, 86_400),
  seconds('agentLostSeconds', 30, 3_600),
  seconds('visitorTimeoutSeconds', 10, 600),
  seconds('typingSeconds', 2, 60),
  seconds('readableSeconds', 60, 86_400),
  seconds('sessionTtlSeconds', 300, 2_592_000),
];

const ORIGIN = 'https://shop.example';

const GROUPS: readonly Group[] = [
  {
    title: 'setting.group.place',
    fields: [
      {
        name: 'timeZone',
        label: 'setting.timeZone',
        hint: 'setting.timeZone.hint',
        kind: 'text',
        max: 64,
        suggests: 'timeZones',
      },
      {
        ...{ name: 'language', label: 'setting.language', hint: 'hint.language' },
        kind: 'text',
        max: 35,
        suggests: 'languages',
      },
    ],
    form: ({ timeZone = '', language = '' }) => ({ timeZone, language }),
    change: (form) => ({ ...form }),
  },
  {
    title: 'setting.group.times',
    fields: TIMES,
    form: (settings) =>
      Object.fromEntries(
        TIMES.map(({ name }) => [name, Number(settings[name as keyof ConfiguredSettings] ?? 0)]),
      ),
    change: (form) => ({ ...form }),
  },
  {
    title: 'setting.group.nobody',
    fields: [
      {
        name: 'atStart',
        label: 'setting.atStart',
        kind: 'choice',
        choices: [
          { value: 'wait', label: 'setting.atStart.wait' },
          { value: 'refuse', label: 'setting.atStart.refuse' },
        ],
      },
      {
        name: 'afterMaxWait',
        label: 'setting.afterMaxWait',
        kind: 'choice',
        choices: [
          { value: 'wait', label: 'setting.afterMaxWait.wait' },
          { value: 'end', label: 'setting.afterMaxWait.end' },
        ],
      },
    ],
    form: ({ nobodyOnline = {} }) => ({
      atStart: nobodyOnline.atStart ?? 'wait',
      afterMaxWait: nobodyOnline.afterMaxWait ?? 'wait',
    }),
    change: (form) => ({ nobodyOnline: { ...form } }),
  },
  {
    title: 'setting.group.visitors',
    fields: [
      {
        name: 'visitorPreview',
        label: 'setting.visitorPreview',
        hint: 'setting.visitorPreview.hint',
        kind: 'switch',
      },
      {
        name: 'visitorOrigins',
        label: 'setting.visitorOrigins',
        hint: 'hint.origins',
        kind: 'list',
        placeholder: ORIGIN,
      },
      {
        name: 'retentionDays',
        label: 'setting.retentionDays',
        hint: 'setting.retentionDays.hint',
        kind: 'number',
        min: 0,
        max: 36_500,
      },
    ],
    form: ({ visitorPreview = false, visitorOrigins = [], retentionDays = 0 }) => ({
      visitorPreview,
      visitorOrigins,
      retentionDays,
    }),
    change: (form) => ({ ...form }),
  },
  {
    title: 'setting.group.agents',
    fields: [
      {
        name: 'besideWhenAgentLeaves',
        label: 'setting.beside',
        hint: 'setting.beside.hint',
        kind: 'choice',
        choices: [
          { value: 'stay', label: 'setting.beside.stay' },
          { value: 'leave', label: 'setting.beside.leave' },
        ],
      },
      {
        name: 'agentOrigins',
        label: 'setting.agentOrigins',
        hint: 'setting.agentOrigins.hint',
        kind: 'list',
        placeholder: 'https://crm.example',
      },
      {
        name: 'minLength',
        label: 'setting.minLength',
        kind: 'number',
        min: 8,
        max: 64,
      },
    ],
    form: ({ besideWhenAgentLeaves = 'stay', agentOrigins = [], passwordPolicy = {} }) => ({
      besideWhenAgentLeaves,
      agentOrigins,
      minLength: passwordPolicy.minLength ?? 8,
    }),
    change: ({ minLength, ...form }) => ({
      ...form,
      ...(typeof minLength === 'number' ? { passwordPolicy: { minLength } } : {}),
    }),
  },
  {
    title: 'setting.group.mail',
    fields: [
      { name: 'host', label: 'mail.host', hint: 'mail.host.hint', kind: 'text', max: 255 },
      { name: 'port', label: 'mail.port', kind: 'number', min: 1, max: 65_535 },
      { name: 'secure', label: 'mail.secure', hint: 'mail.secure.hint', kind: 'switch' },
      { name: 'user', label: 'mail.user', kind: 'text', max: 320 },
      { name: 'password', label: 'mail.password', hint: 'mail.password.hint', kind: 'password' },
      { name: 'from', label: 'mail.from', kind: 'text', max: 320 },
    ],
    form: ({ mail = {} }) => ({
      host: mail.host ?? '',
      port: mail.port ?? 587,
      secure: mail.secure ?? false,
      user: mail.user ?? '',
      password: '',
      from: mail.from ?? '',
    }),
    change: (form) => ({ mail: { ...form } }),
  },
];

export function SettingsPage() {
  const administration = useAdministration();
  const load = useCallback(
    async (signal: AbortSignal) => administration.settings(signal),
    [administration],
  );
  const [page, reload] = useLoaded(load);
  const heading = <Heading section={{ title: 'settings.title', explains: 'settings.explains' }} />;
  if (page.status !== 'ready') return <NotReady page={page} heading={heading} onRetry={reload} />;
  const { settings, revision } = page.value;
  return (
    <>
      {heading}
      {/* A group begins anew when its own settings have changed: what is edited in the others stays. */}
      {GROUPS.map((group) => (
        <SettingsGroup
          key={`${group.title} ${JSON.stringify(group.form(settings))}`}
          group={group}
          settings={settings}
          revision={revision}
          onSaved={reload}
        />
      ))}
      <WorkspacePages
        key={`pages ${JSON.stringify(settings.workspacePages)}`}
        settings={settings}
        revision={revision}
        onSaved={reload}
      />
      <OpeningHours
        key={`hours ${JSON.stringify(settings.openingHours)}`}
        settings={settings}
        revision={revision}
        onSaved={reload}
      />
    </>
  );
}

function SettingsGroup({
  group,
  settings,
  revision,
  onSaved,
}: {
  readonly group: Group;
  readonly settings: ConfiguredSettings;
  readonly revision: string | null;
  readonly onSaved: () => void;
}) {
  const [before] = useState(() => group.form(settings));
  const [form, setForm] = useState(before);
  const changes = changed(before, form);
  const dirty = Object.keys(changes).length > 0;
  const saved = useSettingsSave({
    change: group.change(changes),
    isUnchanged: (latest) => same(group.form(latest), before),
    revision,
    onSaved,
  });
  const { saving } = saved;
  const refused = saving.error instanceof RefusedError ? saving.error.message : '';
  const named = group.fields.find(({ name }) => new RegExp(`\\b${name}\\b`).test(refused));
  return (
    <SettingsForm
      title={group.title}
      saved={saved}
      dirty={dirty}
      named={named !== undefined}
      onReset={() => setForm(before)}
      foot={
        // What is tested is what is saved.
        group.title === 'setting.group.mail' && !dirty && form['host'] !== '' && <MailTest />
      }
    >
      {group.fields.map((spec) => (
        <FormField
          key={spec.name}
          spec={spec}
          value={form[spec.name]}
          lookups={NO_LOOKUPS}
          problem={named?.name === spec.name && !saving.stale ? refused : null}
          onChange={(value) => setForm((all) => ({ ...all, [spec.name]: value }))}
        />
      ))}
    </SettingsForm>
  );
}
