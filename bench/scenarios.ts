import { changedScenarios } from './scenarios/changed.ts';
import { crashingScenarios } from './scenarios/crashing.ts';
import { customScenarios } from './scenarios/custom.ts';
import { goneScenarios } from './scenarios/gone.ts';
import { goodScenarios } from './scenarios/good.ts';
import { meanwhileScenarios } from './scenarios/meanwhile.ts';
import { refusedScenarios } from './scenarios/refused.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { startingScenarios } from './scenarios/starting.ts';
import { containersOf } from './scenarios/workloads.ts';

export type { Scenario } from './scenarios/scenario.ts';

/** Each runs on the real node, in a namespace of its own. `image` is the testbed's base image. */
export function scenarios(image: string): readonly Scenario[] {
  const containers = containersOf(image);
  const families = [
    goodScenarios,
    crashingScenarios,
    startingScenarios,
    refusedScenarios,
    meanwhileScenarios,
    changedScenarios,
    goneScenarios,
    customScenarios,
  ];
  return families.flatMap(family => family(containers));
}
