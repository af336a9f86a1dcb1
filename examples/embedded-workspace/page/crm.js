// A CRM with the workspace inside. It learns who is on screen, and puts texts into the composer.
import { init } from './sdk/index.js';

const query = new URLSearchParams(location.search);
const element = (id) => document.getElementById(id);
const show = (id, text) => {
  element(id).textContent = text;
};

try {
  const workspace = await init({
    workspace: query.get('workspace') ?? 'http://localhost:8080/workspace/',
    account: query.get('account') ?? '12345678',
    into: element('chats'),
    language: 'en',
    title: 'Chats',
    visitorFocused: (chat) => document.body.setAttribute('data-chat', chat),
    visitorBlurred: () => document.body.removeAttribute('data-chat'),
  });
  // To be tried out in the browser's console.
  globalThis.workspace = workspace;
  await workspace.bind('agentInfo', (agent) =>
    show('agent', agent ? `${agent.agentNickname}, ${agent.availability}` : 'not logged in'),
  );
  await workspace.bind('visitorInfo.visitorName', (name) => {
    show('customer', name ?? 'nobody');
    element('greet').disabled = name === null;
  });
  element('greet').onclick = async () => {
    const name = await workspace.get('visitorInfo.visitorName');
    // Into the composer: the agent reads it, and sends it.
    await workspace.command('write', { text: `Hello ${name}, I have your file here.` });
  };
  element('leave').disabled = false;
  element('leave').onclick = () => {
    workspace.dispose();
    element('leave').disabled = true;
    element('greet').disabled = true;
    show('customer', 'nobody');
    show('agent', 'the workspace is closed');
  };
} catch (error) {
  show('problem', error.message);
}
