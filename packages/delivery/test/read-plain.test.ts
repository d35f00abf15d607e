import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { valueAt } from '@slipway/core';
import type { ManifestsChoice } from '@slipway/delivery';
import { readPlain } from '../src/desired/read-plain.ts';

let workspace: string;

beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'slipway-plain-'));
  mkdirSync(join(workspace, 'formations'));
  writeFileSync(join(workspace, 'formations/production.yaml'), '');
  writeFileSync(join(workspace, 'a.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n');
});

afterAll(() => rmSync(workspace, { recursive: true }));

const warnings: string[] = [];
const logger = { debug() {}, info() {}, warning: (line: string) => void warnings.push(line) };
const run = { repository: 'acme/Shop.Web', actor: '', url: '' };

const reading = (choice: Partial<ManifestsChoice>) =>
  readPlain(
    {
      ...{ manifests: ['a.yaml'], digest: '', application: '', formation: '', destinations: [] },
      ...{
        namespace: '',
        context: '',
        registry: '',
        allow: {},
        signed: false,
        configRevision: '',
        ...choice,
      },
    },
    { workspace, logger, run },
  );

describe('plain manifests', () => {
  it('are taken under a name of their own', async () => {
    const desired = await reading({ formation: 'preview' });
    expect(desired.objects).toHaveLength(1);
    expect(desired.identity).toMatchObject({
      application: 'shop-web',
      formation: 'preview',
      namespace: 'default',
    });
  });

  it.each([
    ['pre-install', '-1', 0],
    ['post-install, pre-upgrade', '-1', 0],
    ['post-upgrade', '1', 0],
    ['crd-install', undefined, 0],
    ['pre-delete', 'left out', 1],
    ['post-rollback,post-delete', 'left out', 1],
    ['something-else', 'left out', 1],
    ['test', 'left out', 0],
    ['test-success', 'left out', 0],
  ])('run no hook of Helm out of its time: %s', async (hook, order, told) => {
    warnings.length = 0;
    const annotations = `{ helm.sh/hook: "${hook}" }`;
    writeFileSync(
      join(workspace, 'hook.yaml'),
      `apiVersion: v1\nkind: Pod\nmetadata: { name: a, annotations: ${annotations} }\n`,
    );
    const { objects } = await reading({ manifests: ['hook.yaml'] });
    const found = objects.map(({ object }) =>
      valueAt(object, ['metadata', 'annotations', 'slipway.dev/order']),
    );
    expect(found).toEqual(order === 'left out' ? [] : [order]);
    expect(warnings).toEqual(
      Array(told).fill(
        `hook.yaml:3:37: Pod a is a hook of Helm for "${hook}", and is left out, since a deploy has no such moment; remove the annotation helm.sh/hook if it belongs to the release`,
      ),
    );
  });

  it('keep the order that a hook states itself', async () => {
    writeFileSync(
      join(workspace, 'hook.yaml'),
      'apiVersion: v1\nkind: Pod\nmetadata: { name: a, annotations: { helm.sh/hook: pre-install, slipway.dev/order: "-5" } }\n',
    );
    const { objects } = await reading({ manifests: ['hook.yaml'] });
    expect(valueAt(objects[0]?.object ?? {}, ['metadata', 'annotations', 'slipway.dev/order'])).toBe('-5');
  });

  it('have no digest to be held against, as a rendered tree without its rendered.json', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    await expect(reading({ digest })).rejects.toMatchObject({ code: 'digest-differs' });
  });

  it.each([{}, { application: 'shop' }, { application: './slipway.yaml' }])(
    'do not pass for a formation of the checkout: %j',
    async application => {
      const inputs = { formation: 'production', ...application };
      await expect(reading(inputs)).rejects.toMatchObject({ code: 'tree-foreign' });
    },
  );
});
