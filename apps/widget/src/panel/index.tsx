/** The panel: loaded when the visitor turns to the button, or when a chat goes on. */
import { render } from 'preact';
import type { Panel, Shell } from '../contract.js';
import { App } from './app.js';
import { Frame } from './frame.js';
import logCss from './log.css?inline';
import panelCss from './panel.css?inline';
import { Session } from './session.js';
import { Sound } from './sound.js';
import { textsFor } from './texts.js';

/** Puts the panel beside the button. */
export function mount(shell: Shell): Panel {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(panelCss + logCss);
  shell.root.adoptedStyleSheets = [...shell.root.adoptedStyleSheets, sheet];

  const texts = textsFor(shell.config.lang);
  const session = new Session(shell);
  const sound = new Sound();
  const frame = new Frame(shell, texts);
  render(
    <App session={session} texts={texts} sound={sound} close={() => frame.close()} />,
    frame.body,
  );
  frame.onToggle = (isOpen) => {
    sound.unlock();
    if (isOpen) session.opened();
    else session.closed();
    shell.opened(isOpen);
  };
  let heard = 0;
  const stop = session.subscribe(() => {
    const lines = session.lines.filter(({ source }) => source === 'agent').length;
    if (lines > heard && heard > 0 && (!frame.isOpen || document.hidden)) sound.play();
    heard = lines;
  });
  void session.begin();

  return {
    open: () => frame.open(),
    close: () => frame.close(),
    changed() {
      const { name, variables } = shell.facts;
      if (session.chat === null) return;
      if (name !== undefined && name !== session.chat.info.visitorName) void session.rename(name);
      if (variables !== undefined) void session.chat.setVariables(variables).catch(() => {});
    },
    destroy() {
      stop();
      session.destroy();
      frame.destroy();
      render(null, frame.body);
    },
  };
}
