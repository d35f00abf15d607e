import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { SlipwayError } from '@slipway/core';
import { refuseMixture } from '../src/index.ts';

let workspace: string;
let bare: string;

beforeAll(() => {
  [workspace, bare] = ['with', 'bare'].map(name => mkdtempSync(join(tmpdir(), `slipway-${name}-`))) as [
    string,
    string,
  ];
  mkdirSync(join(workspace, 'formations'));
  writeFileSync(
    join(workspace, 'slipway.yaml'),
    'apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: shop}\nspec: {registry: r.example/shop, services: {api: {image: docker.io/library/api:1}}}\n',
  );
  const destinations = [
    ['eu', 'environment: prod'],
    ['us', 'environment: prod'],
    ['ap', 'environment: prod-ap'],
    ['test', ''],
  ].map(([name, more]) => `    ${name}: {namespace: shop-${name}${more === '' ? '' : `, ${more}`}}\n`);
  writeFileSync(
    join(workspace, 'formations/production.yaml'),
    `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: production}\nspec:\n  destinations:\n${destinations.join('')}  waves: [[test], [eu, us, ap]]\n`,
  );
});

afterAll(() => {
  for (const folder of [workspace, bare]) rmSync(folder, { recursive: true });
});

async function problemsOf(
  destinations: readonly string[],
  at = workspace,
  formation = '',
): Promise<string[]> {
  const choice = { application: '', formation, destinations, namespace: '', context: '' };
  const run = { repository: 'acme/shop', actor: '', url: '' };
  try {
    await refuseMixture(choice, { workspace: at, run });
    return [];
  } catch (error) {
    return (error as SlipwayError).problems.map(({ code, message }) => `${code}: ${message}`);
  }
}

const MIXED = 'destinations-mixed: destinations of formation "production"';

it.each([
  [['eu', 'us'], []],
  [['eu', 'ap'], [`${MIXED} have different environments: "prod" (eu), "prod-ap" (ap)`]],
  [
    ['us', 'test', 'eu'],
    [
      `${MIXED} have different environments: "prod" (us, eu), none (test)`,
      `${MIXED} are of different waves: 2 (us, eu), 1 (test)`,
    ],
  ],
  [['eu', 'mars'], ['destination-unclear: there is no destination "mars"']],
])('one job for %j', async (destinations, expected) => {
  expect(await problemsOf(destinations)).toEqual(expected);
});

it('needs the files that say what the destinations are', async () => {
  expect(await problemsOf(['eu', 'us'], bare)).toEqual([
    'destinations-mixed: several destinations are named, and there is no slipway.yaml that says what they are',
  ]);
  expect(await problemsOf(['eu', 'us'], workspace, 'production')).toEqual([]);
  expect(await problemsOf(['eu', 'us'], workspace, 'other')).toEqual([
    'destination-unclear: there is no formation "other"',
  ]);
});
