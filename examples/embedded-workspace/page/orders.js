// A page that the workspace shows beside a chat. `?workspace=` says where the workspace is.
import { init } from './sdk/index.js';

const query = new URLSearchParams(location.search);
const element = (id) => document.getElementById(id);
const show = (id, text) => {
  element(id).textContent = text;
};

try {
  const workspace = await init({
    workspace: query.get('workspace') ?? 'http://localhost:8080/workspace/',
    visitorFocused: () => show('focus', 'yes'),
    visitorBlurred: () => show('focus', 'no'),
  });
  // The page stays while the agent goes from chat to chat: what it is bound to becomes that of the other chat,
  // and null while there is none.
  await workspace.bind('visitorInfo.visitorName', (name) => {
    show('visitor', name ?? 'nobody');
    for (const id of ['write', 'card']) element(id).disabled = name === null;
  });
  await workspace.bind('chatTranscript.lines', (lines) => {
    show('lines', String(lines?.length ?? 0));
  });
  element('write').onclick = () =>
    workspace.command('write', { text: 'Your order 17 is on its way.' });
  element('card').onclick = () =>
    workspace.command('writeCard', {
      text: 'Order 17: a blue vase',
      card: {
        type: 'vertical',
        elements: [{ type: 'text', text: 'Order 17: a blue vase', tooltip: 'Order 17' }],
      },
    });
} catch (error) {
  show('problem', error.message);
}
