/** The table of errors for people: the same words on the page `/docs/errors` and in docs/errors.md. */
import { ERRORS, type ErrorCode } from '@parley/protocol';

/** What stands above the table. Markdown. */
export const ABOUT_ERRORS = `
Every error response has the document \`{"error": {"time", "message", "internalCode", "responseStatus"}}\`, in JSON or XML. Clients that accept HAL get problem details (RFC 9457) whose \`type\` links to this table. The \`message\` says what was wrong, with which value, and what to do; its wording may change. \`internalCode\` and the status never change: base decisions on these.

Engagement and visit information (everything under \`app/engagement\` and \`monitoring\`) answer without the outer \`error\`, as the original API does: \`{"time", "message", "internalCode"}\`, with the time in epoch milliseconds. There, a malformed account id is 404, and an unsupported version has the number 33.

The numbers below 100 are the original API's. The original uses three of them for two errors each: 10 for a missing credential and for a wrong csrf token, 6 for a malformed account id and for an unknown account, 12 for a visit and for a visitor's chat that no longer exist. Every other number stands for one error. Number 32 comes with \`"reason": "no-available-agents"\`.

Do not retry a 4xx, except 429: retry that after the time in \`Retry-After\`. After a 5xx, retry with growing pauses. If the response to a change is an error, nothing was changed.
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

A running server shows this table at \`/docs/errors\`, and lists the errors of each operation at \`/docs\`.

| status | internalCode | code | what happened | what to do |
|---|---|---|---|---|
${rows.join('\n')}

## Words of each status

| status | responseStatus |
|---|---|
${statuses.join('\n')}
`;
}
