import { expect, it } from '@jest/globals';
import { readRepository } from '@slipway/render';
import { shopWith } from '@slipway/testkit/shop';
import { arrangeScopes } from '../src/setup/arrange.ts';
import { purposeNamed } from '../src/setup/purpose.ts';
import { targetsOf } from '../src/setup/targets.ts';

async function arranged(strategy: string, purpose = 'deploy') {
  const workspace = shopWith({
    'formations/staging.yaml': text =>
      `${text.replace(/destinations:[\s\S]*/, 'destinations: {main: {namespace: shop, environment: staging}}')}\n${strategy}`,
  });
  const repository = await readRepository({ workspace, application: 'slipway.yaml' });
  const context = { name: 'kind', server: 'https://kind.example' } as never;
  const targets = targetsOf(repository, ['staging']).map(target => ({ ...target, context }));
  const wanted = purposeNamed(purpose);
  if (wanted === undefined) throw new Error(`${purpose} is not a purpose`);
  return arrangeScopes(repository, targets, wanted).map(({ environment, asks }) => [environment, asks]);
}

const steps = (step: string): string => `  strategy: {steps: [${step}]}\n`;

it('a formation whose releases wait for decisions has environments of its own for them, and reviewers in one only', async () => {
  expect(await arranged(steps('{weight: 0, pause: commit}'))).toEqual([
    ['staging', 'no one'],
    ['staging-decide', 'reviewers'],
    ['staging-home', 'no one'],
  ]);
});

it('a formation in steps that waits for no decision has one for what looks at its releases, and reviewers in its own', async () => {
  expect(await arranged(steps('{weight: 50, bake: 5m}'))).toEqual([
    ['staging', 'reviewers'],
    ['staging-home', 'no one'],
  ]);
});

it('a formation without steps has one environment, with the reviewers', async () => {
  expect(await arranged('')).toEqual([['staging', 'reviewers']]);
});
