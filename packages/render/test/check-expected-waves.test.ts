import { expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { checkExpectedWaves, type WaveJob } from '../src/index.ts';

const job = (destination: string, environment = ''): WaveJob => ({
  ...{ formation: 'production', destination, environment, digest: 'sha256:0' },
});
const WAVES = [[job('eu', 'live eu')], [job('us'), job('asia')]];

function messagesOf(expected: readonly string[]): string[] {
  try {
    checkExpectedWaves(WAVES, expected);
  } catch (error) {
    if (error instanceof SlipwayError) return error.problems.map(({ message }) => message);
    throw error;
  }
  return [];
}

const ALL = ['1:production/eu=live eu', '2:production/asia=', '2:production/us='];
const lacks = (target: string) =>
  `the workflow was written for "${target}", which the formations do not have`;
const has = (target: string) => `the formations have "${target}", which the workflow was not written for`;

it.each<[string, readonly string[], string[]]>([
  ['those it was written for, in any order', ALL, []],
  ['any, where it does not say', [], []],
  ['a wave more', ALL.slice(0, 1), [has('2:production/us='), has('2:production/asia=')]],
  [
    'a destination in another wave',
    [...ALL.slice(0, 2), '3:production/us='],
    [has('2:production/us='), lacks('3:production/us=')],
  ],
  [
    'another environment',
    ['1:production/eu=live', ...ALL.slice(1)],
    [has('1:production/eu=live eu'), lacks('1:production/eu=live')],
  ],
  ['a destination that is gone', [...ALL, '2:production/uk='], [lacks('2:production/uk=')]],
])('a workflow gets only the waves that it was written for: %s', (_what, expected, problems) => {
  expect(messagesOf(expected)).toEqual(problems);
});
