/** What a reader of the API reference should know before any operation. Markdown. */
export const INTRODUCTION = `
Parley speaks the LivePerson Chat Agent API and its companions, and adds to them.

**Finding your way.** Everything in an account is below \`/api/account/{account}\`. Documents carry relation links (\`rel\` and \`href\`): follow them instead of building addresses, and append \`v\` and, for agents, \`NC\` yourself. Paths and parameter names are case-sensitive; unknown parameters are ignored.

**Three representations.** Every response is available as JSON, XML or HAL. A path that ends in \`.json\` or \`.xml\` decides; otherwise \`Accept\` does: \`application/json\` (also \`*/*\` or none), \`application/xml\` or \`text/xml\`, \`application/hal+json\`. Anything else gets 406. The JSON is that of the original API: in most documents, attribute keys begin with \`@\`, a list of one member is written as just that member, and an empty list is left out. In HAL, links are keyed by relation, lists are always arrays, numbers are always numbers, and times are in UTC.

**Requests.** A body is JSON or XML, whatever its Content-Type says, and at most 64 KiB unless the operator allows more. Attribute keys may have the \`@\` or not, a list may be an array or its only member, and numbers may be decimal strings. Unknown keys are ignored. \`PUT\` and \`DELETE\` may also be sent as \`POST\` with \`X-HTTP-Method-Override\`.

**Times** are ISO 8601 with milliseconds and the offset of the account's time zone.

**Errors** say what was wrong, with which value, and what to do. Their \`internalCode\` is stable; \`/docs/errors\` lists all of them with their remedies. Do not retry a 4xx; after 429 and 503, wait as long as \`Retry-After\` says.

**Limits.** Writes by visitors are limited per address and per chat. Requests by agents, bots and administrators are limited per credential: by default 10,000 per second, and 100,000 at once. Responses report this in \`RateLimit-Policy\` and \`RateLimit\` (draft-ietf-httpapi-ratelimit-headers-10): \`"lines";q=10000;w=10\` is a quota of 10,000 in 10 seconds, \`"lines";r=9998;t=1\` means that 9,998 are left and that the whole quota is available again in one second.

**Safe retries.** A client that gets no response does not know whether its request was carried out. Requests that change something take an \`Idempotency-Key\`: a new random one for each new request, for instance 32 hex digits. Send the same request with the same key again as often as you need: nothing happens twice, and you get the first response again, marked with \`Idempotency-Replayed: true\`. While the first request is still in progress, a retry gets 409 with \`Retry-After\`; the same key with a different body gets 422. After a takeover, send the retry to the newer session.

**Tracing a request.** Every response, including errors, has an \`X-Request-Id\`, by which the operator finds the request in the log; problem details carry it as \`requestId\`. If you send one of your own (1 to 128 letters, digits and \`._~:+/=@-\`), it is used. A \`traceparent\` (W3C Trace Context) that you send is continued: the response's names the same trace.

**Browsers.** Visitors' resources accept the origins that the account allows, by default any. Agents' resources accept only the origins that the account lists.
`.trim();
