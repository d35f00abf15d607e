/**
 * Makes what the program is installed from, out of dist/: `node tools/release/program-packages.ts FOLDER` writes FOLDER/npm, which
 * `npm publish` takes, and FOLDER/gh-slipway, the content of the repository that `gh extension install` takes. It imports nothing but
 * Node's own, since the job that runs it may publish.
 */
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { copyProgram } from './program/files.ts';
import { extensionText, manifestText, PACKAGE, readmeText } from './program/texts.ts';

const root = resolve(import.meta.dirname, '../..');
const [folder, ...others] = process.argv.slice(2);
if (folder === undefined || folder.startsWith('-') || others.length > 0) {
  console.error('usage: node tools/release/program-packages.ts FOLDER');
  process.exit(2);
}
if (existsSync(folder)) {
  console.error(`${folder} exists already; name a folder that does not`);
  process.exit(2);
}
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const [npm, extension] = [join(folder, 'npm'), join(folder, 'gh-slipway')];
for (const made of [npm, extension]) {
  mkdirSync(made, { recursive: true });
  copyProgram(join(root, 'dist'), join(made, 'dist'));
  cpSync(join(root, 'LICENSE'), join(made, 'LICENSE'));
}
writeFileSync(join(npm, 'package.json'), manifestText(version));
writeFileSync(join(npm, 'README.md'), readmeText(`npx ${PACKAGE}`));
chmodSync(join(npm, 'dist/slipway.js'), 0o755);
writeFileSync(join(extension, 'gh-slipway'), extensionText(), { mode: 0o755 });
writeFileSync(join(extension, 'README.md'), readmeText('gh slipway'));
