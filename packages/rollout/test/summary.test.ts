import { expect, it } from '@jest/globals';
import type { Judgement, Outcome } from '../src/judge/judge.ts';
import { culprits } from '../src/summary.ts';

function failed(name: string, reason: string): Outcome {
  const trouble = { key: name, reason, message: reason, certainAfter: 0 };
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', name };
  return { object, state: 'failed', message: reason, trouble } as unknown as Outcome;
}

it('blames what failed before what a release that stopped never applied, however much that is', () => {
  const others = Array.from({ length: 8 }, (_, index) => failed(`api-${index}`, 'NotApplied'));
  const outcomes = [...others, failed('migrate', 'BackoffLimitExceeded'), failed('seed', 'DeadlineExceeded')];
  const blamed = culprits({ outcomes } as unknown as Judgement, 'failed');
  expect(blamed.map(({ object }) => object.name)).toEqual([
    ...['migrate', 'seed'],
    ...others.map(({ object }) => object.name),
  ]);
});
