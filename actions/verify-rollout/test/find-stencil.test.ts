import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Release } from '@slipway/core';
import { readRepository, render, writeRenderedTree } from '@slipway/render';
import { findStencil } from '../src/what/find-stencil.ts';

const FILES = {
  'slipway.yaml': `apiVersion: slipway.dev/v1
kind: Application
metadata: {name: shop}
spec: {registry: ghcr.io/acme/shop, services: {api: {image: docker.io/library/redis:7}}}
`,
  'formations/staging.yaml': `apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: staging}
spec: {destinations: {main: {namespace: shop}}}
`,
  'stencils/api.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - {name: proxy, image: proxy}
        - name: api
          image: api
`,
  'stencils/migrate.yaml': `apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: main, image: api}]}
`,
};

let temporaryDirectory: string;
let release: Release;
const fault = {
  object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'api' },
  pointer: '/spec/template/spec/containers/1',
};

/** Renders the way render-stencil does. */
beforeAll(async () => {
  const workspace = mkdtempSync(join(tmpdir(), 'slipway-stencil-'));
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(workspace, name)), { recursive: true });
    writeFileSync(join(workspace, name), text);
  }
  temporaryDirectory = mkdtempSync(join(tmpdir(), 'slipway-stencil-'));
  const repository = await readRepository({ workspace, application: 'slipway.yaml' });
  const tree = render(repository, { formation: 'staging', destination: 'main' });
  await writeRenderedTree(join(temporaryDirectory, 'slipway/shop'), [tree]);
  const { digest } = tree.rendered;
  release = { application: 'shop', formation: 'staging', destination: 'main', digest } as Release;
});

describe('the stencil of a fault', () => {
  it('is found at the container that failed', async () => {
    expect(await findStencil(fault, release, { temporaryDirectory })).toMatchObject({
      path: 'stencils/api.yaml',
      line: 11,
    });
  });

  it('is found at the name of an object that fails as a whole', async () => {
    expect(await findStencil({ ...fault, pointer: '' }, release, { temporaryDirectory })).toMatchObject({
      line: 3,
    });
  });

  it('is found for a Job under the name that a release gives it', async () => {
    const object = { apiVersion: 'batch/v1', kind: 'Job', namespace: 'shop', name: 'migrate-0123456789' };
    const found = findStencil({ object, pointer: '/spec/template/spec/containers/0' }, release, {
      temporaryDirectory,
    });
    expect(await found).toMatchObject({ path: 'stencils/migrate.yaml', line: 6 });
    const other = findStencil({ object: { ...object, name: 'seed-0123456789' }, pointer: '' }, release, {
      temporaryDirectory,
    });
    expect(await other).toBeUndefined();
  });

  it.each<[string, () => Promise<unknown>]>([
    ['where nothing failed', () => findStencil(undefined, release, { temporaryDirectory })],
    [
      'where something else was rendered',
      () => findStencil(fault, { ...release, digest: 'sha256:0' }, { temporaryDirectory }),
    ],
    ['where nothing was rendered', () => findStencil(fault, release, { temporaryDirectory: '/nowhere' })],
    [
      'for an object of no stencil',
      () =>
        findStencil({ ...fault, object: { ...fault.object, name: 'web' } }, release, { temporaryDirectory }),
    ],
  ])('is not known %s', async (_, find) => {
    expect(await find()).toBeUndefined();
  });
});
