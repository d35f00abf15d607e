import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';
import { SlipwayError } from '@slipway/core';
import type { TestbedErrorCode } from '../error-codes.ts';
import { cacheFolder } from './cache.ts';
import { takeLock } from './lock.ts';
import { type Environment, findProgram } from './machine.ts';
import type { Progress } from './progress.ts';

const run = promisify(execFile);

/** Programs that come from npm's registry. They are too large for `npm ci` of this repository, which everyone runs. */
export const NPM_TOOLS = ['chromium'] as const;
export type NpmTool = (typeof NPM_TOOLS)[number];

export function isNpmTool(tool: string): tool is NpmTool {
  return (NPM_TOOLS as readonly string[]).includes(tool);
}

const PACKAGES = fileURLToPath(new URL('../../npm', import.meta.url));

/** The version of what is made of the packages below. */
const LAYOUT = 1;

/** Fonts of GitHub's own list, of the weights that its pages use, so that a text is as wide on every machine. */
const FONTS = [
  ...['400', '600', '400-italic'].map(face => `noto-sans/${face}`),
  ...['400', '600'].map(face => `noto-sans-mono/${face}`),
  // Emoji as pictures, since this Chromium does not draw those of the other file.
  'noto-color-emoji/emoji-400',
];

interface NpmContext {
  readonly environment: Environment;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/**
 * The path of a headless Chromium whose only fonts are those of `fonts.css` beside it, and two more where these lack a character.
 * Its package-lock.json pins the content.
 * @throws SlipwayError `testbed-machine` if it could not be downloaded
 */
export async function npmTool(tool: NpmTool, context: NpmContext): Promise<string> {
  const pins = join(PACKAGES, tool);
  const folder = join(cacheFolder(context.environment), await entryOf(tool, pins));
  await mkdir(cacheFolder(context.environment), { recursive: true });
  const waiting = (pid: number) =>
    context.progress.line(`${tool}: process ${pid} fetches it already, waiting`);
  const lock = await takeLock(`${folder}.lock`, waiting, context.signal);
  try {
    if (!existsSync(folder)) await unpack(pins, folder, context);
    return join(folder, tool);
  } catch (cause) {
    throw new SlipwayError<TestbedErrorCode>(
      {
        code: 'testbed-machine',
        message: `${tool} could not be fetched from npm's registry and unpacked`,
        remedy: `run \`npm ci --ignore-scripts\` in a copy of ${pins}, which says why`,
      },
      { cause },
    );
  } finally {
    await lock.release();
  }
}

async function entryOf(tool: NpmTool, pins: string): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([LAYOUT, process.arch]));
  const lock = await readFile(join(pins, 'package-lock.json'));
  return `${tool}-${hash.update(lock).digest('hex').slice(0, 12)}`;
}

async function unpack(pins: string, folder: string, { environment, progress }: NpmContext): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  for (const file of ['package.json', 'package-lock.json'])
    await copyFile(join(pins, file), join(unfinished, file));
  progress.line('chromium: fetching its packages');
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: unfinished });
  const compressed = join(unfinished, 'node_modules/@sparticuz/chromium/bin');
  const browser = await browserIn(compressed, unfinished, environment);
  await writeFile(join(unfinished, 'fonts.css'), FONTS.map(importOf).join(''));
  await writeFile(join(unfinished, 'fonts.conf'), fontConfiguration(folder));
  await writeFile(join(unfinished, 'chromium'), launcher(browser, folder));
  await chmod(join(unfinished, 'chromium'), 0o755);
  await rm(compressed, { recursive: true });
  await rename(unfinished, folder);
}

/** The package has the program for one architecture; elsewhere it is the machine's own, with the same fonts. */
async function browserIn(compressed: string, target: string, environment: Environment): Promise<string> {
  await expandArchive(join(compressed, 'fonts.tar.br'), target);
  if (process.arch !== 'x64') {
    const own = await findProgram('chromium', environment);
    if (own === undefined) throw new Error('there is no Chromium on PATH');
    return own;
  }
  // The libraries that a machine without a desktop lacks.
  await expandArchive(join(compressed, 'al2023.tar.br'), target);
  await expand(join(compressed, 'chromium.br'), join(target, 'headless-shell'));
  await chmod(join(target, 'headless-shell'), 0o755);
  return 'headless-shell';
}

async function expand(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));
}

async function expandArchive(from: string, target: string): Promise<void> {
  const archive = join(target, 'archive.tar');
  await expand(from, archive);
  await run('tar', ['--extract', '--file', archive, '--directory', target, '--no-same-owner']);
  await rm(archive);
}

function importOf(face: string): string {
  return `@import url("node_modules/@fontsource/${face}.css");\n`;
}

/** A font with arrows and signs takes over where the others lack a character. */
function fontConfiguration(folder: string): string {
  const signs = `${folder}/node_modules/@expo-google-fonts/noto-sans-math`;
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}/fonts</dir><dir>${signs}</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>
`;
}

function launcher(browser: string, folder: string): string {
  return `#!/bin/sh
export LD_LIBRARY_PATH='${folder}/lib' FONTCONFIG_FILE='${folder}/fonts.conf'
exec '${browser.startsWith('/') ? browser : join(folder, browser)}' "$@"
`;
}
