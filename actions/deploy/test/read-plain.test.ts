import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fakeRunner, inputsOf } from '@slipway/github/testing';
import { readInputs } from '../src/inputs.ts';
import { readPlain } from '../src/read-plain.ts';

let workspace: string;

beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'slipway-plain-'));
  mkdirSync(join(workspace, 'formations'));
  writeFileSync(join(workspace, 'formations/production.yaml'), '');
  writeFileSync(join(workspace, 'a.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n');
});

afterAll(() => rmSync(workspace, { recursive: true }));

const reading = (inputs: Readonly<Record<string, string>>) =>
  readPlain(inputsOf(readInputs, { manifests: 'a.yaml', ...inputs }), fakeRunner({ workspace }));

describe('plain manifests', () => {
  it('are taken under a name of their own', async () => {
    expect((await reading({ formation: 'preview' })).objects).toHaveLength(1);
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
