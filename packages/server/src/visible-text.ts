/**
 * `@parley/server/visible-text`: how stored names and texts are put into lines. Apart from the rest,
 * so that a command line can use it without loading a server.
 */

export { visible, visibleLines } from '@parley/protocol/visible-text';
