import { SlipwayError, type Snapshot } from '@slipway/core';
import {
  type FileSource,
  type RenderedDestination,
  type RenderRequest,
  type Repository,
  readRepositoryFrom,
  render,
} from '../../src/index.ts';

/** Path and text of each file of a small application; tests change the files that they are about. */
export type Files = Readonly<Record<string, string>>;

export const shopFiles: Files = {
  'slipway.yaml': `
apiVersion: slipway.dev/v1
kind: Application
metadata: {name: shop}
spec:
  registry: registry.example/shop
  services:
    api: {build: {context: api}}
    cache: {image: docker.io/library/redis:7}
`,
  'formations/staging.yaml': `
apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: staging}
spec:
  destinations:
    main: {namespace: shop-staging}
`,
  'formations/production.yaml': `
apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: production}
spec:
  promoted-from: staging
  destinations:
    eu: {namespace: shop, context: eu, environment: production-eu}
    us: {namespace: shop, context: us}
  waves: [[eu], [us]]
`,
  'stencils/config.yaml': configMap('plain: text'),
};

/** A stencil of one ConfigMap with `data`, whose lines are indented already by nothing. */
export function configMap(data: string, name = 'config'): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n${indented(data)}`;
}

export function secret(fields: string): string {
  return `apiVersion: v1\nkind: Secret\nmetadata:\n  name: secret\n${fields}\n`;
}

export function config(values: string, secrets = ''): string {
  const parts = [
    ...(values === '' ? [] : [`  values:\n${indented(values, 4)}`]),
    ...(secrets === '' ? [] : [`  secrets:\n${indented(secrets, 4)}`]),
  ];
  return `apiVersion: slipway.dev/v1\nkind: Config\nspec:\n${parts.join('')}`;
}

export function indented(text: string, by = 2): string {
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => `${' '.repeat(by)}${line}\n`)
    .join('');
}

export function inMemory(files: Files): FileSource {
  const list = (folder: string): Promise<string[]> =>
    Promise.resolve(
      Object.keys(files)
        .filter(path => path.startsWith(`${folder}/`))
        .sort(),
    );
  return {
    list,
    listAll: list,
    read: path => {
      const text = Object.hasOwn(files, path) ? files[path] : undefined;
      return Promise.resolve(text === undefined ? undefined : Buffer.from(text));
    },
  };
}

/** The shop with some files changed or added. */
export async function shop(changes: Files = {}): Promise<Repository> {
  return await readRepositoryFrom(inMemory({ ...shopFiles, ...changes }), 'slipway.yaml');
}

export const staging = { formation: 'staging', destination: 'main' };

export async function rendered(
  changes: Files = {},
  request: Partial<RenderRequest> = {},
): Promise<RenderedDestination> {
  return render(await shop(changes), { ...staging, ...request });
}

/** The data of the stencil's only object, a ConfigMap. */
export async function renderedData(
  data: string,
  values = '',
  request: Partial<RenderRequest> = {},
): Promise<unknown> {
  const files = {
    'stencils/config.yaml': configMap(data),
    ...(values === '' ? {} : { 'config/a.yaml': config(values) }),
  };
  return (await rendered(files, request)).objects[0]?.object['data'];
}

/** `code position: message` of each problem that `work` throws; fails if it throws none. */
export async function problemsOf(work: () => unknown): Promise<string[]> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return error.problems.map(({ code, message, remedy, at }) => {
      const position = at === undefined ? '' : ` ${at.path}:${at.line}:${at.column}`;
      return `${code}${position}: ${message}; ${remedy}`;
    });
  }
  throw new Error('nothing was refused');
}

export const snapshot: Snapshot = {
  apiVersion: 'slipway.dev/v1',
  kind: 'Snapshot',
  application: 'shop',
  deploymentTag: '20261121-1',
  created: '2026-11-21T00:00:00Z',
  gitRevision: 'a'.repeat(40),
  registry: 'registry.example/shop',
  images: {
    api: { name: 'registry.example/shop/api', digest: `sha256:${'1'.repeat(64)}`, origin: 'built' },
    cache: { name: 'registry.example/shop/cache', digest: `sha256:${'2'.repeat(64)}`, origin: 'retagged' },
  },
};
