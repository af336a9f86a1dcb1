/** `@parley/protocol/documents`: the documents, and how one is defined. */
export { DOCUMENTS } from './documents/all.js';
export {
  defineDocument,
  type DocumentDefinition,
  type DocumentType,
  type DocumentValue,
  type ReadFailure,
  type ReadResult,
} from './document.js';
