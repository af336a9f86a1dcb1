/** When the account is open, day by day, and its holidays. */
import type { ConfiguredSettings } from '@parley/client/administration';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import { Button, IconButton } from '../parts/button.js';
import forms from './form.module.css';
import { useAdminTexts } from './context.js';
import { RemoveRow } from './rows.js';
import { SettingsForm, useSettingsSave } from './settings-form.js';

type Hours = NonNullable<ConfiguredSettings['openingHours']>;
type Day = NonNullable<Hours['days']>[number];
type Holiday = NonNullable<Hours['holidays']>[number];

export const WEEKDAYS = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const satisfies readonly Day['weekday'][];

/** 1 January 2024 was a Monday. */
const MONDAY = Date.UTC(2024, 0, 1);

/** @returns what names a day of the week in the language of the page */
export function useDayName(): (weekday: Day['weekday']) => string {
  const intl = useIntl();
  return (weekday) =>
    intl.formatDate(MONDAY + WEEKDAYS.indexOf(weekday) * 86_400_000, {
      weekday: 'long',
      timeZone: 'UTC',
    });
}

export function OpeningHours({
  settings,
  revision,
  onSaved,
}: {
  readonly settings: ConfiguredSettings;
  readonly revision: string | null;
  readonly onSaved: () => void;
}) {
  const say = useAdminTexts();
  const [before] = useState(() => ({
    days: settings.openingHours?.days ?? [],
    holidays: settings.openingHours?.holidays ?? [],
  }));
  const [days, setDays] = useState<readonly Day[]>(before.days);
  const [holidays, setHolidays] = useState<readonly Holiday[]>(before.holidays);
  const dirty = JSON.stringify(before) !== JSON.stringify({ days, holidays });
  const saved = useSettingsSave({
    change: { openingHours: { days: [...days], holidays: [...holidays] } },
    isUnchanged: (latest) =>
      JSON.stringify(latest.openingHours) === JSON.stringify(settings.openingHours),
    revision,
    onSaved,
  });
  const dayName = useDayName();
  const put = (index: number, change: Partial<Day>) =>
    setDays(days.with(index, { ...(days[index] as Day), ...change }));
  const putHoliday = (index: number, change: Partial<Holiday>) =>
    setHolidays(holidays.with(index, { ...(holidays[index] as Holiday), ...change }));

  return (
    <SettingsForm
      title="setting.group.hours"
      explains="hours.explains"
      saved={saved}
      dirty={dirty}
      onReset={() => {
        setDays(before.days);
        setHolidays(before.holidays);
      }}
    >
      <div className={forms['rows']}>
        {WEEKDAYS.map((weekday) => {
          const parts = days.flatMap((day, index) =>
            day.weekday === weekday ? [{ day, index }] : [],
          );
          const add = () => setDays([...days, { weekday, from: '09:00', to: '17:00' }]);
          return (
            <fieldset key={weekday} className={forms['day']}>
              <legend>{dayName(weekday)}</legend>
              {parts.length === 0 && (
                <span className={forms['hint']}>
                  {say(days.length === 0 ? 'hours.always' : 'hours.closed')}
                </span>
              )}
              {parts.map(({ day, index }) => (
                <div key={index} className={forms['rowOf']}>
                  <Clock
                    label={say('hours.from')}
                    value={day.from}
                    onChange={(from) => put(index, { from })}
                  />
                  <span aria-hidden>–</span>
                  <Clock
                    label={say('hours.to')}
                    value={day.to}
                    onChange={(to) => put(index, { to })}
                  />
                  <RemoveRow onClick={() => setDays(days.filter((_, at) => at !== index))} />
                </div>
              ))}
              <IconButton label={say('hours.add', { day: dayName(weekday) })} onClick={add}>
                <Plus size={16} strokeWidth={1.75} aria-hidden />
              </IconButton>
            </fieldset>
          );
        })}
      </div>
      <h3>{say('hours.holidays')}</h3>
      <div className={forms['rows']}>
        {holidays.map((holiday, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, its date changes at every key
          <div key={index} className={forms['rowOf']}>
            <input
              type="date"
              className={forms['input']}
              aria-label={say('hours.date')}
              value={holiday.date}
              onChange={({ target }) => putHoliday(index, { date: target.value })}
            />
            <span className={forms['hint']}>
              {holiday.from === undefined
                ? say('hours.closed')
                : `${holiday.from} – ${holiday.to ?? '24:00'}`}
            </span>
            <RemoveRow onClick={() => setHolidays(holidays.filter((_, at) => at !== index))} />
          </div>
        ))}
        <Button
          kind="plain"
          className={forms['edge']}
          onClick={() =>
            setHolidays([...holidays, { date: new Date().toISOString().slice(0, 10) }])
          }
        >
          <Plus size={16} strokeWidth={1.75} aria-hidden />
          {say('hours.holiday.add')}
        </Button>
      </div>
    </SettingsForm>
  );
}

/** A time of day; the end of a day is 24:00, which a time input cannot show. */
export function Clock({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <input
      className={forms['clock']}
      aria-label={label}
      placeholder="HH:mm"
      maxLength={5}
      inputMode="numeric"
      value={value}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}
