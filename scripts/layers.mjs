// The layer table: what each package may import. This is the only place where it is
// written down for machines; ARCHITECTURE.md shows the same table to people. A package imports only
// packages below it, so there are no cycles between packages.

/**
 * @typedef {object} Layer
 * @property {string} folder where it lives; `*` stands for one folder name
 * @property {readonly string[] | 'any'} packages the packages of this project that its sources may import
 * @property {readonly string[] | 'any'} npm the npm packages; a name that ends in `/*` stands for a whole scope
 * @property {'allowed' | 'forbidden'} node whether `node:*` is open to it
 * @property {'allowed' | 'forbidden'} ambient whether it may read the clock or draw random numbers
 *   by itself; where not, both come in as arguments
 * @property {'allowed'} [circles] files of its sources may import each other in a circle: only where the
 *   reason is written beside it
 * @property {Readonly<Record<string, readonly string[]>>} [folders] what folders of its sources may
 *   import of the others; files beside the folders are named as `file.ts`
 */

/** @type {Readonly<Record<string, Layer>>} */
export const layers = {
  protocol: {
    folder: 'packages/protocol',
    packages: [],
    npm: ['typebox', 'fast-xml-parser', 'negotiator'],
    node: 'forbidden',
    ambient: 'forbidden',
  },
  engine: {
    folder: 'packages/engine',
    packages: [],
    // Pure: what a zone's clocks show at an instant that is given.
    npm: ['temporal-polyfill'],
    node: 'forbidden',
    ambient: 'forbidden',
  },
  store: {
    folder: 'packages/store',
    packages: ['engine'],
    npm: ['libsql'],
    node: 'allowed',
    ambient: 'allowed',
    // Nothing that every engine shares knows one of them: only the steps of SQLite's schema do.
    folders: {
      port: ['integrity', 'damage.ts'],
      integrity: ['port', 'damage.ts'],
      sql: ['values.ts'],
      operations: ['group-commit', 'integrity', 'port', 'projections', 'sql', 'damage.ts'],
      projections: ['group-commit', 'integrity', 'operations', 'port', 'sql', 'damage.ts'],
      'group-commit': [
        ...['integrity', 'operations', 'port', 'projections', 'damage.ts', 'validate.ts'],
      ],
      migrations: ['integrity', 'operations', 'port', 'projections', 'sql', 'sqlite'],
      sqlite: [
        ...['group-commit', 'integrity', 'migrations', 'operations', 'port', 'sql', 'damage.ts'],
      ],
    },
  },
  // What HTTP and the command line both change an account's configuration through. Its changes are
  // the wire's own documents and are refused with the wire's own errors, so it knows the protocol.
  configuration: {
    folder: 'packages/configuration',
    packages: ['protocol', 'engine', 'store'],
    npm: [
      '@node-rs/argon2',
      '@zxcvbn-ts/core',
      '@zxcvbn-ts/language-common',
      'csv-parse',
      'ipaddr.js',
    ],
    node: 'allowed',
    ambient: 'allowed',
  },
  runtime: {
    folder: 'packages/runtime',
    packages: ['protocol', 'engine', 'store', 'configuration'],
    npm: ['nodemailer', 'sanitize-html'],
    node: 'allowed',
    ambient: 'allowed',
  },
  // Made from the operations that it is given; it knows nothing of what carries them out.
  reference: {
    folder: 'packages/reference',
    packages: ['protocol'],
    npm: ['marked'],
    node: 'allowed',
    ambient: 'forbidden',
  },
  server: {
    folder: 'packages/server',
    packages: ['protocol', 'engine', 'store', 'configuration', 'runtime', 'reference'],
    npm: [
      'fastify',
      '@fastify/*',
      'rate-limiter-flexible',
      'bowser',
      'maxmind',
      // Loaded only where spans are collected; see tracing/.
      '@opentelemetry/*',
      'pino',
      'prom-client',
      '@peculiar/x509',
      'ipaddr.js',
      'jose',
      'ws',
    ],
    node: 'allowed',
    ambient: 'allowed',
    // One way only: whatever stands lower knows nothing of what stands higher. `apis` are the tables of
    // routes; handlers of one subject use the calls of agents and visitors, never each other's routes.
    folders: {
      http: ['log.ts', 'start-error.ts'],
      auth: ['http', 'log.ts', 'kept-file.ts', 'start-error.ts', 'defaults.ts'],
      waits: ['http'],
      chat: ['auth', 'http', 'waits'],
      agent: ['auth', 'chat', 'http', 'waits'],
      visitor: ['auth', 'chat', 'http', 'waits'],
      push: ['agent', 'chat', 'http', 'visitor', 'waits'],
      surveys: ['agent', 'auth', 'chat', 'http', 'visitor'],
      visits: ['agent', 'auth', 'chat', 'http', 'surveys', 'start-error.ts'],
      identity: ['agent', 'http', 'visitor', 'log.ts'],
      engagement: ['chat', 'http', 'identity', 'visitor', 'visits'],
      transcript: ['http', 'visitor'],
      'chat-request': ['auth', 'chat', 'http', 'surveys', 'visitor'],
      configuration: ['auth', 'http', 'identity'],
      supervision: ['agent', 'auth', 'configuration', 'http'],
      domain: ['http'],
      login: ['auth', 'domain', 'http'],
      oauth2: ['auth', 'http'],
      'browser-sdk': ['domain', 'http'],
      reference: ['auth', 'http', 'push', 'transcript', 'visitor', 'waits'],
      tls: ['kept-file.ts', 'log.ts', 'start-error.ts', 'start-options.ts'],
      tracing: ['http', 'log.ts', 'start-error.ts'],
      pages: ['http'],
      metrics: ['auth', 'http', 'push', 'waits', 'defaults.ts', 'start-error.ts'],
      apis: [
        ...['agent', 'auth', 'chat', 'chat-request', 'engagement', 'http', 'identity', 'push'],
        ...['surveys', 'transcript', 'visitor', 'visits'],
      ],
    },
  },
  client: {
    folder: 'packages/client',
    packages: ['protocol'],
    npm: [],
    node: 'forbidden',
    ambient: 'allowed',
  },
  // What pages around the workspace, and pages within it, are written with: nothing but messages.
  'workspace-sdk': {
    folder: 'packages/workspace-sdk',
    packages: [],
    npm: [],
    node: 'forbidden',
    ambient: 'allowed',
  },
  bot: {
    folder: 'packages/bot',
    // The server and its store for the simulator alone, whose users install them beside the bot.
    packages: ['client', 'server', 'store'],
    npm: ['marked', 'minisearch'],
    node: 'allowed',
    ambient: 'allowed',
  },
  // What assistant programs are given of an agent's chats. Only `parley mcp` loads it, when it is run.
  mcp: {
    folder: 'packages/mcp',
    packages: ['client'],
    npm: ['@modelcontextprotocol/server', 'zod'],
    node: 'allowed',
    ambient: 'allowed',
  },
  app: {
    folder: 'apps/*',
    packages: ['client', 'workspace-sdk'],
    npm: [
      'preact',
      'react',
      'react-dom',
      '@ariakit/react',
      '@tanstack/react-virtual',
      'lucide-react',
      'react-intl',
      'wouter',
      'zustand',
    ],
    node: 'forbidden',
    ambient: 'allowed',
  },
  // Knows nothing of the server that it examines: whatever it needs, it asks over HTTP.
  conformance: {
    folder: 'packages/conformance',
    packages: [],
    npm: ['fast-xml-parser'],
    node: 'allowed',
    ambient: 'allowed',
  },
  cli: {
    folder: 'packages/cli',
    packages: ['server', 'client', 'store', 'conformance', 'bot', 'mcp'],
    // rolldown makes JavaScript of the scripts of bots' authors: Node 20 runs no TypeScript.
    npm: ['commander', '@inquirer/password', 'rolldown'],
    node: 'allowed',
    ambient: 'allowed',
  },
  example: {
    folder: 'examples/*',
    packages: ['client', 'bot', 'workspace-sdk'],
    npm: [],
    node: 'allowed',
    ambient: 'allowed',
  },
  // Installed by `npm test` alone, with packages of its own.
  browserTests: {
    folder: 'browser-tests',
    packages: 'any',
    npm: 'any',
    node: 'allowed',
    ambient: 'allowed',
  },
  // Installed by `npm test` alone, with packages of its own.
  packageTests: {
    folder: 'package-tests',
    packages: 'any',
    npm: 'any',
    node: 'allowed',
    ambient: 'allowed',
  },
  // Installed by `npm test` alone, with packages of its own.
  postgresTests: {
    folder: 'postgres-tests',
    packages: 'any',
    npm: 'any',
    node: 'allowed',
    ambient: 'allowed',
  },
  // Installed by `npm test` alone, with packages of its own.
  openapiTests: {
    folder: 'openapi-tests',
    packages: 'any',
    npm: 'any',
    node: 'allowed',
    ambient: 'allowed',
  },
  bench: { folder: 'bench', packages: 'any', npm: 'any', node: 'allowed', ambient: 'allowed' },
};
