/** A page of a CRM that takes chats: the SDK as it is, without a framework or a build. */
import { connectAgent } from '@parley/client/agent';

/** What the CRM knows of its customers, by name. */
const CUSTOMERS = {
  Vera: 'Customer since 2019, last order: 17',
  Ann: 'New customer',
};

const find = (selector) => document.querySelector(selector);
const show = (text) => {
  find('#state').textContent = text;
};

find('#login').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const { domainApi, account, ...login } = Object.fromEntries(new FormData(form));
  show('Connecting …');
  try {
    const agent = await connectAgent({
      ...{ domainApi, account, login },
      onConnection: ({ state }) => show(`Connection: ${state}`),
    });
    form.hidden = true;
    agent.on('ringing', ringing);
    agent.on('ended', (why) => show(`The session is over: ${why}`));
    ringing(agent.ringing);
    for (const chat of agent.chats.values()) open(chat);
    // Away would be a button; whoever closes the page is gone, and their chats go back to the queue.
    window.addEventListener('pagehide', () => void agent.close());
  } catch (error) {
    show(error.message);
  }
});

/** What rings, each with a button. */
function ringing(offers) {
  find('#ringing').replaceChildren(
    ...offers.map((offer) => {
      const item = document.createElement('li');
      const button = document.createElement('button');
      button.textContent = `Accept ${offer.visitorName ?? 'a visitor'}`;
      button.addEventListener('click', async () => {
        const chat = await offer.accept();
        if (chat === null) show('Somebody else was quicker.');
        else open(chat);
      });
      item.append(button);
      return item;
    }),
  );
}

/** Shows a chat in place of the one before. */
function open(chat) {
  const section = find('#chat');
  const lines = section.querySelector('ol');
  const { name } = chat.visitor;
  section.hidden = false;
  section.querySelector('h2').textContent = name;
  find('#customer').textContent = CUSTOMERS[name] ?? 'Not a customer yet';
  lines.replaceChildren();
  const add = (events) => {
    for (const event of events) {
      if (event.type !== 'line') continue;
      const item = document.createElement('li');
      item.className = event.source;
      // As text, whatever it is: a visitor's words are never markup.
      item.textContent = `${event.by}: ${event.text}`;
      lines.append(item);
    }
  };
  add(chat.history);
  chat.on('events', add);
  chat.on('over', () => {
    section.hidden = true;
    show('The chat is over.');
  });
  find('#line').onsubmit = (event) => {
    event.preventDefault();
    void chat.say(new FormData(event.target).get('text'));
    event.target.reset();
  };
  find('#end').onclick = () => void chat.end();
}
