/** Pages of others that the workspace shows beside chats. */
import Type from 'typebox';
import { address, id, list, optional, text } from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';

/** Characters that the address of a page beside chats may have. */
const PAGE_URL_MAX = 2_000;

const pageFields = {
  title: text(60, 'What its tab is called.'),
  url: address('page', PAGE_URL_MAX, {
    description: 'Of the page, https; http on localhost and 127.0.0.1 alone.',
  }),
  skillIds: list(id(), {
    always: true,
    xmlItem: 'id',
    maxItems: 1_000,
    description: 'Skills of the chats beside which it is shown; empty for all chats.',
  }),
};

/** The setting `workspacePages`. */
export const workspacePages = list(
  optional({
    ...pageFields,
    roles: list(Type.Enum(['administrator', 'manager', 'agent']), {
      always: true,
      xmlItem: 'role',
      maxItems: 3,
      description: 'Who sees it: users with one of these roles; empty for everybody.',
    }),
  }),
  {
    always: true,
    xmlItem: 'workspacePage',
    maxItems: 20,
    description: 'Pages of others that the workspace shows beside a chat, as tabs of its details.',
  },
);

export const workspacePagesDocument = defineDocument({
  root: null,
  style: 'plain',
  name: 'workspacePages',
  description: 'The pages that the workspace shows the caller beside chats.',
  schema: list(
    Type.Object({
      ...pageFields,
      frame: Type.String({
        description: 'Address below /workspace/ of the frame that the page is shown in.',
      }),
    }),
    { always: true, xmlItem: 'workspacePage' },
  ),
});
/** Pages beside chats, as the server returns them. */
export type WorkspacePagesDocument = DocumentValue<typeof workspacePagesDocument>;
