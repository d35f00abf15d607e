import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InitStage } from './stage.ts';

/** What a person writes after `init`. */
interface ByHand {
  /** Parts of lines, each put in place of another. */
  readonly lines?: readonly { readonly path: string; readonly from: string; readonly to: string }[];
  /** Values of secrets that config/secrets.yaml names, as the GitHub environment would have them. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** What was written by hand, for the table. */
export interface Written {
  readonly count: number;
  readonly secrets: Readonly<Record<string, string>>;
}

/** An address at which nothing listens: this program connects when it is asked for data. */
const NO_DATABASE = 'postgresql://shop:example@192.0.2.1:5432/shop';

const BY_HAND: Readonly<Record<string, ByHand>> = {
  'poetry-fastapi': { secrets: { POETRY_FASTAPI_DATABASE_URL: NO_DATABASE } },
  // A password of one's own choice: what connects to the database, and what runs it, read the same one.
  compose: { secrets: { POSTGRES_PASSWORD: 'example' } },
  // `next build` fetches these fonts from Google; the benchmark needs no address but those of package registries.
  'next-pnpm': {
    lines: [
      {
        path: 'app/layout.tsx',
        from: 'import { Geist, Geist_Mono } from "next/font/google";',
        to: 'const Geist = (_: object) => ({ variable: "" }), Geist_Mono = Geist;',
      },
    ],
  },
  // The generator names TypeScript 6, which wants this line, and its own tsconfig.json lacks it: `npm run build:ts` fails without init too.
  'npm-workspaces': {
    lines: [
      {
        path: 'apps/api/tsconfig.json',
        from: '"outDir": "dist",',
        to: '"outDir": "dist",\n    "rootDir": "src",',
      },
    ],
  },
  // Init marked both as guesses: its Dockerfile names its user instead of a number, and its CMD writes the database beside the program.
  wagtail: {
    lines: [
      {
        path: 'stencils/wagtail.yaml',
        from: 'runAsNonRoot: true',
        to: 'runAsUser: 1000\n        runAsNonRoot: true',
      },
      {
        path: 'shop/settings/base.py',
        from: '"db.sqlite3"',
        to: '"/tmp/db.sqlite3"',
      },
    ],
  },
};

/** Ready-made services come from Docker Hub, which the testbed has at another address. */
const READY_MADE = /^(\s+image: )(docker\.io\/\S+)$/gm;

/** Writes into the folder what is written by hand there, each a line or a value. */
export async function writeByHand(name: string, folder: string, stage: InitStage): Promise<Written> {
  const { lines = [], secrets = {} } = BY_HAND[name] ?? {};
  for (const { path, from, to } of lines)
    await rewrite(join(folder, path), text => {
      if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
      return text.replace(from, to);
    });
  let found: readonly string[] = [];
  const home = ['deploy', '.'].find(one => existsSync(join(folder, one, 'slipway.yaml'))) ?? '.';
  await rewrite(join(folder, home, 'slipway.yaml'), text => {
    found = [...text.matchAll(READY_MADE)].map(([, , image = '']) => image);
    return text.replaceAll(READY_MADE, `$1${stage.registry}/$2`);
  });
  for (const image of found)
    if ((await stage.images.image(image)) === undefined) throw new Error(`Debian has no ${image}`);
  return { count: lines.length + found.length + Object.keys(secrets).length, secrets };
}

async function rewrite(path: string, change: (text: string) => string): Promise<void> {
  await writeFile(path, change(await readFile(path, 'utf8')));
}
