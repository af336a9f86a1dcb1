/** What a user agent says of browser, operating system and device. */
import type { DeviceFamily } from '@parley/engine';
import Bowser from 'bowser';

/** Operating systems as the visit information names them. */
export type DeviceOs = 'WINDOWS' | 'MAC_OSX' | 'LINUX' | 'IOS' | 'ANDROID';

/** Null is what is not known. */
export interface Device {
  /** `Chrome 120.0` */
  readonly browser: string | null;
  /** `macOS 10.15.7` */
  readonly operatingSystem: string | null;
  readonly os: DeviceOs | null;
  readonly family: DeviceFamily | null;
  /** `Apple iPhone` */
  readonly model: string | null;
}

const UNKNOWN: Device = {
  browser: null,
  operatingSystem: null,
  os: null,
  family: null,
  model: null,
};

const SYSTEMS: ReadonlyMap<string, DeviceOs> = new Map([
  ['windows', 'WINDOWS'],
  ['windows phone', 'WINDOWS'],
  ['macos', 'MAC_OSX'],
  ['linux', 'LINUX'],
  ['chrome os', 'LINUX'],
  ['ios', 'IOS'],
  ['android', 'ANDROID'],
]);

const FAMILIES: ReadonlyMap<string, DeviceFamily> = new Map([
  ['desktop', 'DESKTOP'],
  ['personal_computer', 'DESKTOP'],
  ['tablet', 'TABLET'],
  ['mobile', 'MOBILE'],
  ['mobile_phone', 'MOBILE'],
]);

/** The device family that a word names, however it is written; null for another word. */
export function deviceFamilyOf(word: string): DeviceFamily | null {
  return FAMILIES.get(word.toLowerCase()) ?? null;
}

/** @param userAgent Null or empty when none was sent. */
export function deviceOf(userAgent: string | null): Device {
  if (!userAgent) return UNKNOWN;
  const { browser, os, platform } = Bowser.parse(userAgent);
  return {
    browser: joined(browser.name, browser.version),
    operatingSystem: joined(os.name, os.versionName ?? os.version),
    os: SYSTEMS.get(os.name?.toLowerCase() ?? '') ?? null,
    family: deviceFamilyOf(platform.type ?? ''),
    model: joined(platform.vendor, platform.model),
  };
}

function joined(...words: readonly (string | undefined)[]): string | null {
  return words.filter(Boolean).join(' ') || null;
}
