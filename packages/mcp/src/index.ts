/** `@parley/mcp`: an agent's chats for assistant programs, by the Model Context Protocol. */
export { type HttpOptions, type McpHttp, serveHttp } from './http.js';
export { APPROVABLE, type Approvable, Writes } from './approvals.js';
export { type McpOptions, mcpServer } from './server.js';
export { serveOverStdio, type Stdio } from './stdio.js';
