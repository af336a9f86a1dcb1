/**
 * Loaded into a server before everything else, it plants a bug: in files of the build, some text is
 * another, as PARLEY_PLANT says. A bug that does not fit any more ends the server at once.
 */
import { register } from 'node:module';

const planted = process.env.PARLEY_PLANT;

if (planted !== undefined) {
  const hooks = `
    const bug = ${planted};
    export async function load(url, context, next) {
      const module = await next(url, context);
      let source = module.source;
      for (const { file, find, put } of bug) {
        if (!url.endsWith(file)) continue;
        source = String(source);
        if (!source.includes(find)) throw new Error('There is no "' + find + '" in ' + url);
        source = source.replace(find, () => put);
      }
      return { ...module, source };
    }`;
  register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}
