// Types and clients that two generators make from the descriptions, with the options they come with.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@hey-api/openapi-ts';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDescribed } from '../described-server.mjs';

const here = fileURLToPath(new URL('..', import.meta.url));

/** A project of its own: the chats, what they are written against, and the packages of this folder. */
const project = mkdtempSync(join(tmpdir(), 'parley-clients-'));
const folder = `${project}/generated/`;
const clients = `${project}/clients`;

let server;
beforeAll(async () => {
  server = await startDescribed();
  cpSync(`${here}clients`, clients, { recursive: true });
  symlinkSync(`${here}node_modules`, `${project}/node_modules`);
  mkdirSync(folder);
  const jsonOnly = await server.read('/openapi-json-only.json');
  writeFileSync(`${folder}json-only.json`, jsonOnly);
  await createClient({
    input: `${folder}json-only.json`,
    output: `${folder}hey-api`,
    logs: { level: 'silent' },
  });
  await writeTypes(jsonOnly, 'openapi-typescript.ts');
  // With every representation the types compile as well; for a chat they are less handy.
  await writeTypes(await server.read('/openapi.json'), 'openapi-typescript-full.ts');
}, 120_000);
afterAll(async () => {
  await server?.stop();
  rmSync(project, { recursive: true, force: true });
});

async function writeTypes(description, file) {
  const types = await openapiTypescript(JSON.parse(description));
  writeFileSync(folder + file, astToString(types));
}

describe('generated clients', { timeout: 120_000 }, () => {
  it('[REF17] compile under strict, with chats written against them', () => {
    const compiler = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
    const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', clients], {
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, '']);
  });

  it.each(['fetch-chat', 'hey-chat'])('[REF17] run a whole chat: %s', async (name) => {
    const { chat } = await import(`${clients}/${name}.ts`);
    const { lines, state } = await chat(server.http);
    expect(lines).toEqual(
      expect.arrayContaining(['Is the blue one in stock?', 'It is.', 'Thank you!']),
    );
    expect(state).toBe('ended');
  });
});
