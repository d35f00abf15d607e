import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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

const logger = { debug() {}, info() {}, warning() {} };
const run = { repository: 'acme/Shop.Web', actor: '', url: '' };

const reading = (choice: Partial<ManifestsChoice>) =>
  readPlain(
    {
      ...{ manifests: ['a.yaml'], digest: '', application: '', formation: '', destinations: [] },
      ...{ namespace: '', context: '', registry: '', allow: {}, signed: false, ...choice },
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
