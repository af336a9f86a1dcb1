/** The regions of the page, which F6 goes through. A region is marked with `data-region`. */

const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), textarea, select, [tabindex]:not([tabindex="-1"])';

/** Focuses the region after the one that has the focus, or the one before it. */
export function focusRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(
    (region) => entranceOf(region) !== undefined,
  );
  if (regions.length === 0) return;
  const at = regions.findLastIndex((region) => region.contains(document.activeElement));
  const next = at === -1 ? (step === 1 ? 0 : -1) : at + step;
  const region = regions.at(next % regions.length);
  if (region !== undefined) entranceOf(region)?.focus();
}

/** What takes the focus of a region: what it is about, else the first that can. */
function entranceOf(region: HTMLElement): HTMLElement | undefined {
  const all = [
    ...region.querySelectorAll<HTMLElement>('[data-region-focus], [aria-current]'),
    ...region.querySelectorAll<HTMLElement>(FOCUSABLE),
  ];
  return all.find((element) => element.getClientRects().length > 0);
}
