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

/**
 * The file that an action.yml names. It is the only one that is not minified, since people open it first. It is one expression in
 * parentheses, comment included: wherever it is cut short, Node refuses to run it instead of running less.
 *
 * @param action the folder of the action; `pipeline` is the root action
 */
export function entryFile(action: string): string {
  return `((async () => {
  // Made by \`npm run bundle\`. Runs ${action === 'pipeline' ? 'the root action' : `actions/${action}`}.
  const { start } = await import('./start.mjs').catch(() => ({}));
  if (start) return await start('${action}', process.env);
  const code = 'bundle-incomplete';
  console.log(\`::error title=Slipway%3A \${code}::the bundle is incomplete: dist/start.mjs is missing, empty or cut short; \` +
    \`delete the runner's copy of the action and run the job again (\${code})\`);
  const outputs = process.env.GITHUB_OUTPUT;
  if (outputs) (await import('node:fs')).appendFileSync(outputs, \`error=\${code}\\n\`);
  process.exitCode = 1;
})());
`;
}

/** dist/slipway.js, which is one expression too. */
export function programFile(): string {
  return `#!/usr/bin/env node
((async () => {
  // Made by \`npm run bundle\`. Runs the program slipway: docs/cli.md.
  const { startProgram } = await import('./start.mjs').catch(() => ({}));
  if (startProgram) return await startProgram(process);
  console.error('error: the bundle is incomplete: dist/start.mjs is missing, empty or cut short; ' +
    'install slipway again (bundle-incomplete)');
  process.exitCode = 2;
})());
`;
}
