/** What a reader of the API reference should know before any operation. Markdown. */
export const INTRODUCTION = `
Parley speaks the LivePerson Chat Agent API and its companions, and adds to them.

**Finding your way.** Everything of an account hangs off \`/api/account/{account}\`. Documents carry relation links (\`rel\` and \`href\`): follow them instead of building addresses, and append \`v\` and, for agents, \`NC\` yourself. Paths and parameter names know upper and lower case; parameters that mean nothing here are ignored.

**Three representations.** Every answer comes as JSON, XML or HAL. A path that ends in \`.json\` or \`.xml\` decides; else \`Accept\` does: \`application/json\` (also \`*/*\` or none), \`application/xml\` or \`text/xml\`, \`application/hal+json\`. Anything else gets 406. The JSON is that of the original API: in most documents keys of attributes begin with \`@\`, a list of one member is written as that member, and an empty list is left out. HAL has links by relation, lists that are always arrays, numbers that are numbers, and times in UTC.

**Requests.** A body is JSON or XML, whatever its Content-Type says; at most 64 KiB unless the operator allows more. Attribute keys are read with and without \`@\`, a list from an array or from its only member, numbers from decimal strings too. Unknown keys are ignored. \`PUT\` and \`DELETE\` may also be sent as \`POST\` with \`X-HTTP-Method-Override\`.

**Times** are ISO 8601 with milliseconds and the offset of the account's time zone.

**Errors** say what was wrong, with which value, and what to do. Their \`internalCode\` is stable; all of them are listed with their remedies at \`/docs/errors\`. Do not retry a 4xx; after 429 and 503 wait as long as \`Retry-After\` says.

**Limits.** What visitors write is limited by address and by chat, and what agents, bots and administrators ask by credential: 10,000 requests per second by default, and 100,000 at once. Answers say so in \`RateLimit-Policy\` and \`RateLimit\` (draft-ietf-httpapi-ratelimit-headers-10): \`"lines";q=10000;w=10\` is a quota of 10,000 in 10 seconds, \`"lines";r=9998;t=1\` says that 9,998 are left and that all are there again in a second.

**Sending again.** Without an answer a client does not know whether its request was carried out. Requests that change something take an \`Idempotency-Key\`: a new random one for each new request, 32 hex digits for instance. Send the same request with the same key again, as often as need be: nothing happens twice, and the first answer comes again, marked by \`Idempotency-Replayed: true\`. While the first is still being answered it is 409 with \`Retry-After\`; the same key with another body is 422. After a takeover send it to the newer session.

**Finding a request again.** Every answer, errors too, has an \`X-Request-Id\`, by which the operator finds the request in the log; problem details name it as \`requestId\`. Send one of your own (1 to 128 letters, digits and \`._~:+/=@-\`) and it is used. A \`traceparent\` (W3C Trace Context) that comes along is continued: the answer's names the same trace.

**Browsers.** Visitors' resources answer the origins that the account allows, any by default; agents' resources answer none but those that the account lists.
`.trim();
