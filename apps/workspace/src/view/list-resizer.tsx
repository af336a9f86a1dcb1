/** The edge of the chat list, by which it is made wider and narrower. */
import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useRef } from 'react';
import { useTexts } from '../texts/index.js';
import styles from './list-resizer.module.css';
import { setPreference, usePreference } from './preferences.js';

const MIN = 280;
const MAX = 400;
const STEP = 8;

export function ListResizer() {
  const say = useTexts();
  const edge = useRef<HTMLDivElement>(null);
  const width = clamped(usePreference('listWidth'));
  useLayoutEffect(() => {
    edge.current?.parentElement?.style.setProperty('--list-width', `${width}px`);
  }, [width]);
  const set = (pixels: number) => setPreference('listWidth', clamped(pixels));
  const moved = (event: PointerEvent<HTMLDivElement>) => {
    const list = event.currentTarget.previousElementSibling;
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || list === null) return;
    const { left, right } = list.getBoundingClientRect();
    const rtl = getComputedStyle(list).direction === 'rtl';
    set(Math.round(rtl ? right - event.clientX : event.clientX - left));
  };
  const pressed = (event: KeyboardEvent<HTMLDivElement>) => {
    const rtl = getComputedStyle(event.currentTarget).direction === 'rtl' ? -1 : 1;
    const to = {
      ArrowLeft: width - STEP * rtl,
      ArrowRight: width + STEP * rtl,
      Home: MIN,
      End: MAX,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    set(to);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule of a text cannot be moved
    <div
      ref={edge}
      className={styles['edge']}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={say('list.resize')}
      aria-valuenow={width}
      aria-valuemin={MIN}
      aria-valuemax={MAX}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={moved}
      onKeyDown={pressed}
      onDoubleClick={() => set(320)}
    />
  );
}

function clamped(pixels: number): number {
  return Math.min(MAX, Math.max(MIN, pixels));
}
