/** Pages of others that the workspace shows beside chats. */
import Type from 'typebox';
import { address, id, list, optional, text } from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';

/** Characters that the address of a page beside chats may have. */
const PAGE_URL_MAX = 2_000;

const pageFields = {
  title: text(60, 'The label of its tab.'),
  url: address('page', PAGE_URL_MAX, {
    description: 'The URL of the page: https, or http on localhost and 127.0.0.1 only.',
  }),
  skillIds: list(id(), {
    always: true,
    xmlItem: 'id',
    maxItems: 1_000,
    description: 'Skills of the chats beside which it is shown. Empty: all chats.',
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
      description: 'Only users with one of these roles see it. Empty: everybody.',
    }),
  }),
  {
    always: true,
    xmlItem: 'workspacePage',
    maxItems: 20,
    description: 'External pages that the workspace shows beside a chat, as tabs of its details.',
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
        description: 'The address, below /workspace/, of the frame that shows the page.',
      }),
    }),
    { always: true, xmlItem: 'workspacePage' },
  ),
});
/** Pages beside chats, as the server returns them. */
export type WorkspacePagesDocument = DocumentValue<typeof workspacePagesDocument>;
