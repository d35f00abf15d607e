import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { worstState } from '@slipway/core';
import { chosenTargets } from '../src/formation/chosen-targets.ts';

let workspace: string;

beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'slipway-targets-'));
  writeFileSync(
    join(workspace, 'slipway.yaml'),
    'apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: ledger}\nspec: {registry: r.example/ledger, services: {api: {image: docker.io/library/api:1}}}\n',
  );
});

afterAll(() => rmSync(workspace, { recursive: true }));

it('a look at an application without destinations fails, as nothing was looked at', async () => {
  const choice = { application: '', formation: '', destinations: [], namespace: '', context: '' };
  const run = { repository: 'acme/ledger', actor: '', url: '' };
  await expect(chosenTargets(choice, { workspace, run })).rejects.toMatchObject({
    code: 'destination-unclear',
    message: expect.stringContaining('no formation of "ledger" has destinations'),
  });
});

it('the state of no destinations is not known', () => {
  expect(worstState([])).toBe('unknown');
  expect(worstState(['fine', 'waiting'])).toBe('waiting');
});
