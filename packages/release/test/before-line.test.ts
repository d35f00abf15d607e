import { expect, it } from '@jest/globals';
import { stepsState } from '@slipway/testkit/releases';
import type { BeforeDeploy } from '../src/plan/before-deploy.ts';
import { beforeLine } from '../src/plan/before-line.ts';

it.each<readonly [BeforeDeploy | undefined, string | undefined]>([
  [undefined, undefined],
  [
    { do: 'same', release: 7 },
    'Release 7 is open and is the same: a deploy writes nothing, and verify-rollout goes on with it',
  ],
  [
    { do: 'refuse', release: 7, why: 'release 7 waits for commit', remedy: 'decide' },
    'Release 7 is open, and a deploy is refused: release 7 waits for commit',
  ],
  [
    { do: 'undo', release: 7, to: stepsState() as never },
    'Release 7 is open: a deploy undoes it first, and its users get back what they had',
  ],
  [
    { do: 'finish', release: 7 },
    'Release 7 is being committed or undone: a deploy carries that to its end first',
  ],
])('what a deploy does first is a line of its plan: %j', (before, line) => {
  expect(beforeLine(before)).toBe(line);
});
