/** Keeps the focus inside the page: whoever works by keyboard would begin at the top otherwise. */
import { useEffect } from 'react';

/** The main part of each place. */
const PLACES = ['conversation', 'board', 'admin', 'programs'];

/** Focuses the place that is on screen. */
export function focusPlace(options?: FocusOptions): void {
  PLACES.map((id) => document.getElementById(id))
    .find((each) => each !== null)
    ?.focus(options);
}

/** Moves the focus into the place on screen when the element that had it was removed. */
export function useKeptFocus(): void {
  useEffect(() => {
    let byKeys = true;
    let frame = 0;
    const keep = () => {
      frame = 0;
      if (!isLost() || document.querySelector('[role=dialog]') !== null) return;
      focusPlace({ preventScroll: true });
    };
    const look = () => {
      // Whoever presses on empty space has put the focus there themselves.
      if (byKeys && frame === 0 && isLost()) frame = requestAnimationFrame(keep);
    };
    const pressed = ({ type }: Event) => {
      byKeys = type === 'keydown';
    };
    const changes = new MutationObserver(look);
    changes.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('keydown', pressed, true);
    document.addEventListener('pointerdown', pressed, true);
    look();
    return () => {
      cancelAnimationFrame(frame);
      changes.disconnect();
      document.removeEventListener('keydown', pressed, true);
      document.removeEventListener('pointerdown', pressed, true);
    };
  }, []);
}

function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}
