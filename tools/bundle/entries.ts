import { minifyBundle } from './minify.ts';

/** The folder of the library inside dist/. */
export const LIBRARY = 'library';

/**
 * dist/start.mjs, with the size of each file that it looks for.
 *
 * @param source the compiled actions/pipeline/src/start.ts
 * @param sizes the bytes of each other file of dist/ by its path
 */
export async function startFile(source: string, sizes: Readonly<Record<string, number>>): Promise<string> {
  return await minifyBundle(`const FILES = ${JSON.stringify(sizes)};\n${source}`);
}

/** The version of Node that the library is written for, which an action.yml names too. */
const NODE = 24;

const TOO_OLD = tooOld('${node}');

/** @param node in an entry, the expression that has the version */
function tooOld(node: string): { readonly code: string; readonly message: string } {
  return { code: 'node-too-old', message: `Slipway needs Node ${NODE} or newer, and this is ${node}` };
}

/**
 * The file that an action.yml names. It is the only one that is not minified, since people open it first. It is one expression in
 * parentheses, comment included: wherever it is cut short, Node refuses to run it instead of running less. Versions of Node that cannot
 * read the rest can read it, as far back as they have `import()`.
 *
 * @param action the folder of the action; `pipeline` is the root action
 */
export function entryFile(action: string): string {
  return `((async () => {
  // Made by \`npm run bundle\`. Runs ${action === 'pipeline' ? 'the root action' : `actions/${action}`}.
  const node = process.versions.node;
  const fail = async (code, text) => {
    console.log(\`::error title=Slipway%3A \${code}::\${text} (\${code})\`);
    const outputs = process.env.GITHUB_OUTPUT;
    if (outputs) (await import('fs')).appendFileSync(outputs, \`error=\${code}\\n\`);
    process.exitCode = 1;
  };
  if (parseInt(node, 10) < ${NODE}) return await fail('${TOO_OLD.code}', \`${TOO_OLD.message}; start it with a newer one\`);
  const { start } = await import('./start.mjs').catch(() => ({}));
  if (start) return await start('${action}', process.env);
  await fail('bundle-incomplete', 'the bundle is incomplete: dist/start.mjs is missing, empty or cut short; ' +
    "delete the runner's copy of the action and run the job again");
})());
`;
}

/** dist/slipway.js, which is one expression too. */
export function programFile(): string {
  return `#!/usr/bin/env node
((async () => {
  // Made by \`npm run bundle\`. Runs the program slipway: docs/cli.md.
  const node = process.versions.node;
  const fail = text => {
    console.error('error: ' + text);
    process.exitCode = 2;
  };
  if (parseInt(node, 10) < ${NODE}) return fail(\`${TOO_OLD.message}; install a newer one (${TOO_OLD.code})\`);
  const { startProgram } = await import('./start.mjs').catch(() => ({}));
  if (startProgram) return await startProgram(process);
  fail('the bundle is incomplete: dist/start.mjs is missing, empty or cut short; install slipway again (bundle-incomplete)');
})());
`;
}
