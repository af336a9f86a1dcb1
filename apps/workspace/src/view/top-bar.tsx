/** The bar above everything: who, how connected, how available. */
import { ChevronDown, VolumeX } from 'lucide-react';
import { Fragment, useState } from 'react';
import { useLocation } from 'wouter';
import { Button, Tip } from '../parts/button.js';
import { Actions, Dialog } from '../parts/dialog.js';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../parts/menu.js';
import { Avatar, Dot } from '../parts/small.js';
import { embedded } from '../embed/embedded.js';
import { useTexts } from '../texts/index.js';
import { clockTime, useNow, useServices, useWorkspace } from './workspace-context.js';
import { openKeysHelp, openPalette } from './keys.js';
import { setPreference, usePreference } from './preferences.js';
import { type Theme, chooseTheme, chosenTheme } from './theme.js';
import styles from './top-bar.module.css';

export function TopBar() {
  const say = useTexts();
  const account = useWorkspace((state) => state.account);
  const isAgent = useWorkspace((state) => state.isAgent);
  const hasSession = useWorkspace((state) => state.hasSession);
  // Whoever works somewhere else is available there, not here.
  const isOver = useWorkspace(({ connection }) => connection.state === 'ended');
  return (
    <header className={styles['bar']} data-region>
      {embedded === null && (
        <>
          <img src="./icon.svg" alt="" width={24} height={24} />
          <span className={styles['name']}>{say('app.name')}</span>
          <span className={styles['account']}>{account}</span>
        </>
      )}
      <span className={styles['space']} />
      {hasSession && <ConnectionState />}
      {isAgent && !isOver && (
        <>
          <SoundState />
          <AvailabilityMenu />
        </>
      )}
      <UserMenu />
    </header>
  );
}

function ConnectionState() {
  const say = useTexts();
  const state = useWorkspace(({ connection }) => connection.state);
  return (
    <Tip label={say(`connection.${state}`)}>
      <span className={styles['connection']} role="status">
        <Dot state={state} />
        <span className={styles['wide']}>
          {say(state === 'polling' ? 'connection.live' : `connection.${state}`)}
        </span>
      </span>
    </Tip>
  );
}

function SoundState() {
  const say = useTexts();
  const { tones } = useServices();
  const blocked = useWorkspace((state) => state.soundBlocked);
  if (!blocked) return null;
  return (
    <Tip label={say('sound.unblock')}>
      <button
        type="button"
        className={styles['blocked']}
        aria-label={say('sound.blocked')}
        onClick={() => tones.unlock()}
      >
        <VolumeX size={16} strokeWidth={1.75} aria-hidden />
        <span>{say('sound.blocked')}</span>
      </button>
    </Tip>
  );
}

const PRESENCES = ['Online', 'Occupied', 'Away'] as const;

function AvailabilityMenu() {
  const say = useTexts();
  const { controller } = useServices();
  const { chat, reasonId } = useWorkspace((state) => state.availability);
  const reasons = useWorkspace(({ library }) => library.reasons);
  const reason = reasons.find(({ id }) => id === reasonId)?.text;
  const state = say(`availability.${chat}`);
  return (
    <Menu
      onOpen={() => controller.refreshLibrary()}
      button={
        <button type="button" className={styles['availability']}>
          <Dot state={chat} />
          <span>{state}</span>
          {reason !== undefined && (
            <span className={styles['reason']} dir="auto">
              {reason}
            </span>
          )}
          <Since />
          <ChevronDown size={16} strokeWidth={1.75} aria-hidden />
        </button>
      }
    >
      {PRESENCES.map((presence) => (
        <Fragment key={presence}>
          <MenuItem
            checked={chat === presence && reason === undefined}
            onClick={() => void controller.setAvailability(presence)}
          >
            {say(`availability.${presence}`)}
            <small>{say(`availability.${presence}.means`)}</small>
          </MenuItem>
          {reasons
            .filter((each) => each.state === presence)
            .map(({ id, text }) => (
              <MenuItem
                key={id}
                inner
                checked={chat === presence && reasonId === id}
                onClick={() => void controller.setAvailability(presence, id)}
              >
                <span dir="auto">{text}</span>
              </MenuItem>
            ))}
        </Fragment>
      ))}
    </Menu>
  );
}

function Since() {
  const since = useWorkspace((state) => state.availabilitySince);
  const now = useNow();
  return <span className={styles['since']}>{clockTime(now - since)}</span>;
}

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

function UserMenu() {
  const say = useTexts();
  const { controller } = useServices();
  const me = useWorkspace((state) => state.me);
  const open = useWorkspace(
    ({ chats }) => Object.values(chats).filter(({ over }) => over === null).length,
  );
  const [theme, setTheme] = useState(chosenTheme);
  const letters = usePreference('letters');
  const enterSends = usePreference('enterSends');
  const [asks, setAsks] = useState(false);
  const [, go] = useLocation();
  const hasSession = useWorkspace((state) => state.hasSession);
  const username = useWorkspace((state) => state.username);
  const name = me?.agentName || me?.displayName || username;
  const mayAsk = typeof Notification !== 'undefined' && Notification.permission === 'default';
  const leave = () => void controller.logOut();
  return (
    <>
      <Menu
        button={
          <button type="button" className={styles['user']} aria-label={say('menu.open', { name })}>
            <Avatar name={name} kind="agent" />
          </button>
        }
      >
        <MenuLabel>{me === null ? username : `${me.displayName} · ${me.loginName}`}</MenuLabel>
        <MenuSeparator />
        {mayAsk && (
          <MenuItem onClick={() => void Notification.requestPermission()}>
            {say('menu.notifications')}
          </MenuItem>
        )}
        {hasSession && <MenuItem onClick={() => go('/programs')}>{say('menu.programs')}</MenuItem>}
        <MenuItem onClick={openPalette}>{say('palette.title')}</MenuItem>
        <MenuItem onClick={openKeysHelp}>{say('menu.keys')}</MenuItem>
        <MenuItem
          role="menuitemcheckbox"
          checked={letters}
          onClick={() => setPreference('letters', !letters)}
        >
          {say('menu.letters')}
        </MenuItem>
        <MenuItem
          role="menuitemcheckbox"
          checked={enterSends}
          onClick={() => setPreference('enterSends', !enterSends)}
        >
          {say('menu.enter')}
        </MenuItem>
        <MenuSeparator />
        <MenuLabel>{say('menu.theme')}</MenuLabel>
        {THEMES.map((each) => (
          <MenuItem
            key={each}
            checked={each === theme}
            onClick={() => {
              chooseTheme(each);
              setTheme(each);
            }}
          >
            {say(`menu.theme.${each}`)}
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem onClick={() => (open > 0 ? setAsks(true) : leave())}>
          {say('menu.logout')}
        </MenuItem>
      </Menu>
      {asks && (
        <Dialog title={say('logout.confirm')} onClose={() => setAsks(false)}>
          <p>{say('logout.text', { count: open })}</p>
          <Actions>
            <Button onClick={() => setAsks(false)}>{say('transfer.cancel')}</Button>
            <Button kind="danger" onClick={leave}>
              {say('menu.logout')}
            </Button>
          </Actions>
        </Dialog>
      )}
    </>
  );
}
