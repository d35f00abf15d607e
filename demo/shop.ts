import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Stage } from './stage.ts';

/** What of a stage a repository depends on. */
export type ShopRegistry = Pick<Stage, 'registry' | 'images'>;

const run = promisify(execFile);
const EXAMPLE = resolve(import.meta.dirname, '../examples/shop');

/** A checkout of the shop's repository. */
export interface Shop {
  readonly directory: string;
  /** Changes files, each by a function of its text, and commits them; gives the commit. */
  commit(message: string, changes?: Readonly<Record<string, (text: string) => string>>): Promise<string>;
  /** Takes the last commit back, by one of its own. */
  revert(): Promise<void>;
}

/**
 * A repository with the example as its first commit. It differs from the example only in the registry that images come from and go to,
 * and in the time for which a canary is watched.
 */
export async function cloneShop(stage: ShopRegistry, directory: string): Promise<Shop> {
  await cp(EXAMPLE, directory, { recursive: true });
  const git = async (...args: readonly string[]): Promise<string> =>
    (
      await run('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@acme.example', ...args], {
        cwd: directory,
      })
    ).stdout;
  await git('init', '--quiet', '--initial-branch=main');
  const shop: Shop = {
    directory,
    async commit(message, changes = {}) {
      for (const [path, change] of Object.entries(changes)) await rewrite(join(directory, path), change);
      await git('add', '--all');
      await git('commit', '--quiet', '--message', message);
      return (await git('rev-parse', 'HEAD')).trim();
    },
    async revert() {
      await git('revert', '--no-edit', 'HEAD');
    },
  };
  await rewrite(join(directory, 'slipway.yaml'), text => useRegistry(text, stage));
  await rewrite(join(directory, 'formations/production.yaml'), hurry);
  return shop;
}

/** @throws Error if nothing changed, as the story that follows would then be another one */
async function rewrite(path: string, change: (text: string) => string): Promise<void> {
  const before = await readFile(path, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`${path} is not what the change expects`);
  await writeFile(path, after);
}

function useRegistry(text: string, { registry, images }: ShopRegistry): string {
  return text
    .replaceAll('ghcr.io/acme/base:1', images.base.name)
    .replaceAll('docker.io/library/redis:7.4', images.redis.name)
    .replaceAll('ghcr.io/acme/shop', `${registry}/acme/shop`);
}

/** Five minutes for each step of a canary are more than anyone wants to watch. */
function hurry(text: string): string {
  return text.replaceAll('bake: 5m', 'bake: 6s').replace('    steps:', '    drain: 2s\n    steps:');
}

/**
 * A change that looks harmless and is not: the api reads its prices from a file that nothing puts there. A real node would
 * run serve.sh and see it give up; the testbed's nodes run nothing, so the annotations tell them what to play.
 */
export const BROKEN_CHANGE = {
  message: 'Read the prices from a file',
  changes: {
    'services/api/serve.sh': (text: string) =>
      text.replace(
        'echo "shop api',
        'if [ ! -r "$PRICES_FILE" ]; then\n  echo "cannot start: no price list at $PRICES_FILE"\n  exit 3\nfi\necho "shop api',
      ),
    'stencils/settings.yaml': (text: string) =>
      text.replace('  CURRENCY:', '  PRICES_FILE: /etc/shop/prices.json\n  CURRENCY:'),
    'stencils/api.yaml': (text: string) =>
      text.replace(
        '      labels: { app: api, team: checkout }\n    spec:',
        [
          '      labels: { app: api, team: checkout }',
          '      annotations:',
          '        testbed.slipway.dev/behaviour: crash-loop',
          '        testbed.slipway.dev/message: "cannot start: no price list at /etc/shop/prices.json"',
          '    spec:',
        ].join('\n'),
      ),
  },
} as const;

/**
 * A setting of production alone, with which the api works until it has users: staging could not have found that. What its container does
 * then is played, as above.
 */
export const LARGER_PAGES = {
  message: 'Show 500 products on a page',
  changes: {
    'config/shop.yaml': (text: string) => withPageSize(text, 500),
    'stencils/api.yaml': (text: string) =>
      text.replace(
        '      labels: { app: api, team: checkout }\n    spec:',
        [
          '      labels: { app: api, team: checkout }',
          '      annotations:',
          '        testbed.slipway.dev/behaviour: oom-killed',
          '        testbed.slipway.dev/delay: "20"',
          '        testbed.slipway.dev/message: "out of memory: a page of 500 products"',
          '    spec:',
        ].join('\n'),
      ),
  },
} as const;

function withPageSize(text: string, size: number): string {
  const others = text.replace(/^ {4}"\*\.production\.shop\.page-size".*\n/m, '');
  return `${others}    "*.production.shop.page-size": ${size}\n`;
}

/** The same, within what the api can do. */
export const SMALLER_PAGES = {
  message: 'Show 60 products on a page',
  changes: {
    'config/shop.yaml': (text: string) => withPageSize(text, 60),
    'stencils/api.yaml': (text: string) =>
      text.replace(/^ {6}annotations:\n(?: {8}testbed\.slipway\.dev\/.*\n)+/m, ''),
  },
} as const;
