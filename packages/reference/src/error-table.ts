/** The table of errors for people: the same words on the page `/docs/errors` and in docs/errors.md. */
import { ERRORS, type ErrorCode } from '@parley/protocol';

/** What stands above the table. Markdown. */
export const ABOUT_ERRORS = `
Every error is answered as \`{"error": {"time", "message", "internalCode", "responseStatus"}}\`, as the same document in XML, and for callers of HAL as problem details (RFC 9457) whose \`type\` leads to this table. The \`message\` says what was wrong, with which value, and what to do; its words may change. \`internalCode\` and the status never do: decide by these.

Engagement and visit information (everything under \`app/engagement\` and \`monitoring\`) answer the content alone, as the original API does: \`{"time", "message", "internalCode"}\`, with the time as epoch milliseconds; an account id that cannot be one is 404 there, and a version that is not supported has the number 33.

The numbers below 100 are the original API's. It uses three of them twice: 10 for a missing credential and for a wrong csrf token, 6 for an account id that cannot be one and for an account that is not there, 12 for a visit and for a visitor's chat that are not there any more. Every other number stands for one error. Number 32 carries \`"reason": "no-available-agents"\` beside it.

Do not retry a 4xx, but for 429: wait as long as \`Retry-After\` says. After a 5xx retry with growing pauses; a change that was answered with an error did not happen.
`.trim();

/** docs/errors.md, made from the table that the server answers from. */
export function errorsInMarkdown(): string {
  const rows = (Object.keys(ERRORS) as ErrorCode[]).map((code) => {
    const { status, internalCode, title, remedy } = ERRORS[code];
    return `| ${status} | ${internalCode} | \`${code}\` | ${title} | ${remedy} |`;
  });
  const words = new Map(
    Object.values(ERRORS).map(({ status, responseStatus }) => [status, responseStatus]),
  );
  const statuses = [...words]
    .sort(([a], [b]) => a - b)
    .map(([status, word]) => `| ${status} | \`${word}\` |`);
  return `# Errors

<!-- Made by scripts/write-error-reference.mjs from packages/protocol/src/errors.ts. -->

${ABOUT_ERRORS}

A running server has this table at \`/docs/errors\`, and says of each operation which of them it may answer at \`/docs\`.

| status | internalCode | code | what happened | what to do |
|---|---|---|---|---|
${rows.join('\n')}

## Words of each status

| status | responseStatus |
|---|---|
${statuses.join('\n')}
`;
}
