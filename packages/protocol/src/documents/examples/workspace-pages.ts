/** Examples of what the workspace shows beside chats, and of a test mail. */
import { mailTestDocument, settingsChangeDocument, workspacePagesDocument } from '../../index.js';
import { answered, sent } from './example.js';

export const WORKSPACE_PAGES_ANSWERS = [
  answered(mailTestDocument, { to: 'admin@example.com', outcome: 'accepted' }),
  answered(workspacePagesDocument, [
    {
      title: 'Orders',
      url: 'https://shop.example.com/orders',
      skillIds: [11],
      frame: 'frame/12345678/n3x0VYyfqkz7uVnJ6pC9m1dQe5sZ8rTgHw4bLa2oKcE',
    },
  ]),
];

export const WORKSPACE_PAGES_BODIES = [
  sent(
    settingsChangeDocument,
    'pages',
    'A page beside chats, and a page that embeds the workspace',
    {
      agentOrigins: ['https://shop.example.com'],
      workspacePages: [{ title: 'Orders', url: 'https://shop.example.com/orders' }],
    },
  ),
];
