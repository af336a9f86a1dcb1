// Makes the workspace's icons as PNG anew, from its icon.svg: `node browser-tests/icons.mjs`, after `npm ci` in
// browser-tests. Phones that install the workspace take no SVG.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { browser, closeBrowser } from './browser.mjs';

const PUBLIC = fileURLToPath(new URL('../apps/workspace/public/', import.meta.url));
const svg = readFileSync(`${PUBLIC}icon.svg`, 'utf8');
/** Systems cut maskable icons into shapes of their own: the ground goes to the edges, the sign stays inside. */
const maskable = svg
  .replace(/ rx="\d+"/, '')
  .replace(
    /<path d="[^"]*"[^>]*>/,
    (path) => `<g transform="translate(16 16) scale(.8) translate(-16 -16)">${path}</g>`,
  );

const page = await (await browser()).newPage();
for (const [name, size, drawing] of [
  ['icon-192', 192, svg],
  ['icon-512', 512, svg],
  ['icon-maskable-512', 512, maskable],
  ['icon-apple-180', 180, maskable],
]) {
  await page.setViewportSize({ width: size, height: size });
  const style =
    'html,body{margin:0;background:transparent}svg{display:block;width:100vw;height:100vh}';
  await page.setContent(`<style>${style}</style>${drawing}`);
  writeFileSync(`${PUBLIC}${name}.png`, await page.screenshot({ omitBackground: true }));
}
await closeBrowser();
