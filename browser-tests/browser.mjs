// The one browser that the test files of a process share: a real Chromium without a window, from npm alone.
import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';

/** @type {Promise<import('playwright-core').Browser> | undefined} */
let launched;

/** Another name of this machine, for the browser alone: what comes from there by plain HTTP is not secure. */
export const ELSEWHERE = 'parley.example';

/**
 * The browser, started when it is first asked for; it ends with the process.
 * @returns {Promise<import('playwright-core').Browser>}
 */
export function browser() {
  launched ??= launch();
  return launched;
}

async function launch() {
  const running = await playwright.launch({
    executablePath: await chromium.executablePath(),
    // Not the arguments that come with it: they turn off what browsers protect pages by.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      // A name that is this machine, and yet no secure context by plain HTTP, as `localhost` is.
      `--host-resolver-rules=MAP ${ELSEWHERE} 127.0.0.1`,
    ],
    headless: true,
  });
  // This build ends itself with its last page.
  await (await running.newContext()).newPage();
  // One that crashed is not what the next file gets.
  running.on('disconnected', () => {
    launched = undefined;
  });
  return running;
}

/** Ends the browser, if one was started: scripts would wait for it. */
export async function closeBrowser() {
  const running = launched;
  launched = undefined;
  await (await running)?.close();
}
