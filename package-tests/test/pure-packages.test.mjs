// Packages that do nothing when they are imported: who imports one and uses a part of it takes that part.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import esbuild from 'esbuild-wasm';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const PURE = ['protocol', 'engine', 'reference', 'client'];

/** @param {string} folder */
const manifestOf = (folder) =>
  JSON.parse(readFileSync(join(root, `packages/${folder}/package.json`), 'utf8'));

/** What each of them can be imported by. @param {string} folder */
function subpathsOf(folder) {
  const { name, exports } = manifestOf(folder);
  return Object.keys(exports).flatMap((subpath) =>
    subpath === './*'
      ? readdirSync(join(root, `packages/${folder}/src`))
          .filter((file) => file.endsWith('.ts'))
          .map((file) => `${name}/${file.slice(0, -'.ts'.length)}`)
      : [name + subpath.slice(1)],
  );
}

/** @param {string} folder */
function librariesOf(folder) {
  const { dependencies = {} } = manifestOf(folder);
  return Object.keys(dependencies).filter((name) => !name.startsWith('@parley/'));
}

/** @param {string} contents of a program in this repository */
async function bundle(contents) {
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: join(root, 'packages/cli') },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    // Looked into, they take half a minute; what imports one and is dropped leaves nothing of it either.
    external: PURE.flatMap(librariesOf),
  });
  const code = outputFiles.map(({ text }) => text).join('');
  return code.replaceAll(/^\/\/.*$/gm, '').trim();
}

it('[WIRE29] importing a subpath of a pure package leaves nothing in a bundle that uses nothing of it', async () => {
  const subpaths = PURE.flatMap(subpathsOf);
  expect(subpaths).toContain('@parley/protocol/examples');
  const program = subpaths.map((subpath, index) => `import * as all${index} from '${subpath}';`);
  expect(await bundle(program.join('\n'))).toBe('');
}, 60_000);

it('[WIRE29] importing them changes nothing that others see, and keeps nothing alive', async () => {
  const program = `
    const seen = () => JSON.stringify([
      Reflect.ownKeys(globalThis).map(String),
      [Object, Array, String, Promise, Map, Error].map((each) => [
        Reflect.ownKeys(each).map(String),
        Reflect.ownKeys(each.prototype).map(String),
      ]),
      process.eventNames().map(String),
      Object.keys(process.env),
    ]);
    const before = seen();
    const changed = [];
    for (const subpath of ${JSON.stringify(PURE.flatMap(subpathsOf))}) {
      await import(subpath);
      if (seen() !== before) changed.push(subpath);
    }
    process.stdout.write(JSON.stringify(changed));`;
  const { stdout, stderr } = await run(
    process.execPath,
    ['--no-warnings', '--input-type=module', '--eval', program],
    { cwd: join(root, 'packages/cli'), timeout: 30_000 },
  );
  expect({ stdout, stderr }).toEqual({ stdout: '[]', stderr: '' });
}, 60_000);

it('[WIRE29] one relation or error brings no schema along', async () => {
  const relations = await bundle(
    "import { REL } from '@parley/protocol/relations'; console.log(REL.self);",
  );
  const errors = await bundle(
    "import { WireError } from '@parley/protocol/errors'; console.log(WireError);",
  );
  for (const code of [relations, errors]) {
    expect(code).not.toBe('');
    expect(code).not.toMatch(/typebox|fast-xml-parser/);
  }
});
