import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '@slipway/core';
import { type LookedAt, looksAt, type ReadWorkflow, workflowFiles } from '@slipway/workflows';
import { load } from 'js-yaml';
import { application, formation } from './support/applications.ts';

const SCHEDULE = 'on: { schedule: [{ cron: "47 * * * *" }] }';
const SHOP: LookedAt = { application: 'shop', path: 'apps/shop/slipway.yaml', formation: 'production' };
const ROOT: LookedAt = { ...SHOP, path: 'slipway.yaml' };

const expression = (text: string): string => `"\${{ ${text} }}"`;
const step = (inputs: string, matrix = ''): string =>
  `${SCHEDULE}\njobs: { a: { ${matrix}steps: [{ uses: x/verify-rollout@v1, with: { release: open${inputs} } }] } }\n`;
const calls = (uses: string, inputs = ''): string =>
  `${SCHEDULE}\njobs: { a: { uses: ${uses}, with: { ${inputs} } } }\n`;

function readFrom(text: string): ReadWorkflow {
  return { text, value: load(text) as JsonValue };
}

async function at(text: string, wanted: LookedAt, files: Readonly<Record<string, string>> = {}) {
  return await looksAt(readFrom(text), wanted, async path =>
    files[path] === undefined ? undefined : readFrom(files[path]),
  );
}

function written(path: string, form?: 'shared', name = 'shop'): string {
  const steps = { pauses: [], outlasts: true, notifies: false };
  const files = workflowFiles(
    { ...application([formation('production', { steps }), formation('staging')]), name, path },
    form === undefined ? {} : { form },
  );
  return files.find(file => file.path.endsWith('progress.yml'))?.text ?? '';
}

describe('a written workflow', () => {
  it('looks at the formations of its application that it has a schedule for', async () => {
    expect(await at(written('apps/shop/slipway.yaml'), SHOP)).toBe('own');
    expect(await at(written('apps/shop/slipway.yaml'), { ...SHOP, formation: 'staging' })).toBe('others');
  });

  it('looks at no other application, be it of the same name', async () => {
    expect(await at(written('apps/web/slipway.yaml', undefined, 'web'), SHOP)).toBe('others');
    expect(await at(written('apps/other/slipway.yaml'), SHOP)).toBe('others');
  });

  it('may be the one where the application is checked out in a folder', async () => {
    expect(await at(written('slipway.yaml'), { ...SHOP, path: 'source/slipway.yaml' })).toBe('unclear');
  });

  it('counts by its name where there is no checkout', async () => {
    expect(await at(written('apps/shop/slipway.yaml'), { ...SHOP, path: undefined })).toBe('own');
  });
});

describe('a call of a written workflow', () => {
  const uses = './.github/workflows/shop-progress.yml';
  const files = { '.github/workflows/shop-progress.yml': written('apps/shop/slipway.yaml', 'shared') };
  it('looks at what that is for, or at the path that it is given', async () => {
    expect(await at(calls(uses), SHOP, files)).toBe('own');
    expect(await at(calls(uses), { ...SHOP, application: 'web', path: 'apps/web/slipway.yaml' }, files)).toBe(
      'others',
    );
    expect(await at(calls(uses, 'application: apps/web/slipway.yaml'), SHOP, files)).toBe('others');
    expect(await at(calls(uses, 'formation: staging'), SHOP, files)).toBe('others');
  });

  it.each([
    ['is told by its input', 'acme/flows/.github/workflows/progress.yml@v1', SHOP.path ?? '', SHOP, 'own'],
    [
      'is told by its input',
      'acme/flows/.github/workflows/shop-progress.yml@v1',
      'apps/web/slipway.yaml',
      SHOP,
      'others',
    ],
    ['else by its name', 'acme/flows/.github/workflows/shop-progress.yml@v1', '', SHOP, 'own'],
    ['that has no prefix at the root', 'acme/flows/.github/workflows/progress.yml@v1', '', ROOT, 'own'],
    ['and is unclear otherwise', 'acme/flows/.github/workflows/steps-progress.yml@v1', '', ROOT, 'unclear'],
    ['and is unclear below the root', 'acme/flows/.github/workflows/progress.yml@v1', '', SHOP, 'unclear'],
  ] as const)('of another repository %s: %s, %j', async (_, name, path, wanted, is) => {
    expect(await at(calls(name, path === '' ? '' : `application: ${path}`), wanted)).toBe(is);
  });
});

describe("a team's own step", () => {
  it.each([
    ['the root without an input', '', '', ROOT, 'own'],
    ['what its namespace has open, which may be another', '', '', SHOP, 'unclear'],
    ['the path', ', application: ./apps/shop/slipway.yaml', '', SHOP, 'own'],
    ['the name', ', application: shop', '', SHOP, 'own'],
    ['another path', ', application: apps/web/slipway.yaml', '', SHOP, 'others'],
    ['another name', ', application: web', '', ROOT, 'others'],
    ['another formation', ', formation: staging', '', ROOT, 'others'],
    ['the formation', ', formation: production', '', ROOT, 'own'],
    [
      'an entry of its matrix',
      `, application: ${expression('matrix.app')}`,
      'strategy: { matrix: { app: [web, shop] } }, ',
      SHOP,
      'own',
    ],
    ['what no matrix has', `, application: ${expression('inputs.app')}`, '', SHOP, 'unclear'],
    ['a formation that no matrix has', `, formation: ${expression('inputs.formation')}`, '', ROOT, 'unclear'],
  ] as const)('looks at %s', async (_, inputs, matrix, wanted, is) => {
    expect(await at(step(inputs, matrix), wanted)).toBe(is);
  });

  it('is enough beside those of others', async () => {
    const both = `${SCHEDULE}\njobs: { a: { steps: [{ uses: x/v@v1, with: { release: open, application: web } }, { uses: x/v@v1, with: { release: open, application: shop } }] } }\n`;
    expect(await at(both, SHOP)).toBe('own');
  });
});

it('what looks at nothing that is open has no answer', async () => {
  expect(await at('on: push\njobs: {}\n', SHOP)).toBeUndefined();
  expect(await at(calls('./.github/workflows/status.yml'), SHOP)).toBeUndefined();
});
