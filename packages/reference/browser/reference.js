// The script of the reference at /docs: it copies code, shows what is found while one types, and puts
// the server's own address into the commands. Served as it is; without it the pages work too.
// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

(() => {
  const status = document.querySelector('.said');

  /** Announces what happened to readers who do not see the page. @param {string} words */
  function say(words) {
    if (status !== null) status.textContent = words;
  }

  for (const place of document.querySelectorAll('[data-origin]')) {
    place.textContent = location.origin;
  }

  // Copying.

  /** How long a button says what it did, ms. */
  const SAID_FOR = 2000;

  for (const button of document.querySelectorAll('button.copy')) {
    if (!(button instanceof HTMLButtonElement)) continue;
    const figure = button.closest('figure');
    const caption = figure?.querySelector('figcaption span')?.textContent ?? 'code';
    button.hidden = false;
    button.setAttribute('aria-label', `Copy: ${caption}`);
    button.addEventListener('click', async () => {
      const copied = await copy(figure?.querySelector('pre code')?.textContent ?? '');
      button.textContent = copied ? 'Copied' : 'Select it';
      say(copied ? `Copied: ${caption}` : 'The browser does not let pages copy: select the text.');
      setTimeout(() => {
        button.textContent = 'Copy';
      }, SAID_FOR);
    });
  }

  /**
   * @param {string} text
   * @returns {Promise<boolean>} whether it is in the clipboard
   */
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Pages without TLS on another host have no such clipboard: then as browsers did before.
      const area = document.createElement('textarea');
      const focused = document.activeElement;
      area.value = text;
      area.className = 'skip';
      document.body.append(area);
      area.select();
      const copied = document.execCommand('copy');
      area.remove();
      if (focused instanceof HTMLElement) focused.focus();
      return copied;
    }
  }

  // Searching.

  const form = document.querySelector('form.search');
  const input = form?.querySelector('input');
  const list = form?.querySelector('.hits');
  if (!(form instanceof HTMLFormElement) || !input || !(list instanceof HTMLElement)) return;

  /** Pause after the last key before the server is asked, ms. */
  const PAUSE = 80;

  list.id = 'hits';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Found');
  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-controls', 'hits');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-expanded', 'false');
  const hint = form.querySelector('kbd');
  if (hint !== null) hint.hidden = false;

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let asked = 0;

  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener('focus', () => {
    if (list.childElementCount > 0 && input.value.trim() !== '') show(true);
  });
  form.addEventListener('focusout', (event) => {
    if (!form.contains(/** @type {Node | null} */ (event.relatedTarget))) show(false);
  });
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      show(false);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (list.hidden) return;
      event.preventDefault();
      move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter') {
      const chosen = list.hidden ? null : list.querySelector('[aria-selected="true"]');
      if (!(chosen instanceof HTMLAnchorElement)) return;
      event.preventDefault();
      chosen.click();
    }
  });
  list.addEventListener('click', () => show(false));
  document.addEventListener('keydown', (event) => {
    const inText =
      event.target instanceof Element && event.target.closest('input, textarea, select');
    if (event.key !== '/' || inText || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
    input.select();
  });

  async function ask() {
    const query = input?.value.trim() ?? '';
    asked += 1;
    const mine = asked;
    if (query === '') {
      list?.replaceChildren();
      show(false);
      say('');
      return;
    }
    try {
      const reply = await fetch(`/docs/search.json?q=${encodeURIComponent(query)}`);
      /** @type {{ found: number, hits: { kind: string, href: string, title: string, where: string }[] }} */
      const { found, hits } = await reply.json();
      if (mine !== asked) return;
      const rows = hits.map(rowOf);
      if (found === 0) rows.push(words('Nothing has all of these words.'));
      else if (found > hits.length) rows.push(allOf(query, found));
      list?.replaceChildren(...rows);
      show(true);
      say(found === 0 ? 'Nothing found' : `${found} found`);
    } catch {
      // Without an answer the form still searches, on a page of its own.
      show(false);
    }
  }

  /**
   * @param {{ kind: string, href: string, title: string, where: string }} hit
   * @param {number} index
   * @returns {HTMLElement}
   */
  function rowOf({ kind, href, title, where }, index) {
    const row = option(href, index);
    const name = document.createElement('strong');
    name.textContent = title;
    const place = document.createElement('span');
    place.className = 'where';
    place.textContent = where;
    const tag = document.createElement('span');
    tag.className = 'tag';
    tag.dataset.kind = kind;
    tag.textContent = kind;
    row.append(name, tag, place);
    return row;
  }

  /**
   * @param {string} query
   * @param {number} found
   * @returns {HTMLElement}
   */
  function allOf(query, found) {
    const row = option(`/docs/search?q=${encodeURIComponent(query)}`, found);
    row.classList.add('all');
    row.textContent = `All ${found} places`;
    return row;
  }

  /**
   * @param {string} href
   * @param {number} index
   */
  function option(href, index) {
    const row = document.createElement('a');
    row.href = href;
    row.id = `hit-${index}`;
    row.tabIndex = -1;
    row.setAttribute('role', 'option');
    row.setAttribute('aria-selected', 'false');
    return row;
  }

  /**
   * @param {string} text
   * @returns {HTMLElement}
   */
  function words(text) {
    const row = document.createElement('p');
    row.textContent = text;
    return row;
  }

  /** @param {boolean} shown */
  function show(shown) {
    if (list) list.hidden = !shown;
    input?.setAttribute('aria-expanded', String(shown));
    if (!shown) choose(null);
  }

  /** @param {1 | -1} by */
  function move(by) {
    const rows = [...(list?.querySelectorAll('a') ?? [])];
    const at = rows.findIndex((row) => row.getAttribute('aria-selected') === 'true');
    const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by;
    choose(rows[next] ?? null);
  }

  /** @param {Element | null} row */
  function choose(row) {
    for (const each of list?.querySelectorAll('[aria-selected="true"]') ?? []) {
      each.setAttribute('aria-selected', 'false');
    }
    row?.setAttribute('aria-selected', 'true');
    row?.scrollIntoView({ block: 'nearest' });
    if (row === null) input?.removeAttribute('aria-activedescendant');
    else input?.setAttribute('aria-activedescendant', row.id);
  }
})();
