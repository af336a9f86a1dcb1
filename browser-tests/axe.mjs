// What axe finds in a page.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Violations of WCAG 2.2 A and AA, a line each.
 * @param page of Playwright
 * @param schemes the themes in which it is looked at
 * @param within a selector: what is looked at; all of the page by default
 */
export async function violations(page, schemes = ['light', 'dark'], within = 'body') {
  const found = [];
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme });
    // Once for each page: it is large.
    if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
    const { violations: all } = await page.evaluate(
      (selector) =>
        globalThis.axe.run(selector === 'body' ? document : selector, {
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
          resultTypes: ['violations'],
        }),
      within,
    );
    for (const { id, nodes } of all) found.push(`${colorScheme} ${id}: ${nodes[0].html}`);
  }
  return found;
}
