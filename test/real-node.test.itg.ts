import { beforeAll, describe, expect, it } from '@jest/globals';
import { pushBaseImages } from '@slipway/testbed';
import { useTestbed } from '@slipway/testbed/jest';
import { askSlipway, deployScenario, type SlipwayAnswer } from '../bench/answers.ts';
import { type Scenario, scenarios } from '../bench/scenarios.ts';

const testbed = useTestbed({ parts: ['cluster', 'registry', 'node'], nodes: 0 });

const BUILD = 600_000;
const AT_ONCE = 4;
/** The benchmark's scenarios whose verdict comes soon. */
const TOLD = [
  'answers its probe',
  'Job that fails',
  'crashes at once, no probe',
  'crashes after 3 good seconds',
  'a good release, then one that crashes',
  'exits with 0 in a loop',
  'takes more memory than its limit',
  'init container fails',
  'the image is not in the registry',
  'the image name is not valid',
  'a ConfigMap is missing',
  'a key of a ConfigMap is missing',
  'the command does not exist',
  'root is forbidden, and the image is root',
  'a memory limit that is too low to start',
  'changed by hand: another image',
  'gone: a Job that failed, with a TTL of 0',
];

const answers = new Map<string, SlipwayAnswer>();
const played = new Map<string, Scenario>();

/** All of them at the beginning, some at a time: most of what they take is waiting. */
async function playAll(): Promise<void> {
  const { cluster, registry } = testbed;
  if (cluster === undefined || registry === undefined) throw new Error('the testbed lacks a part');
  const { base } = await pushBaseImages(registry);
  for (const scenario of scenarios(base.name))
    if (TOLD.includes(scenario.name)) played.set(scenario.name, scenario);
  const queue = [...played.values()].entries();
  const play = async () => {
    for (const [number, scenario] of queue) {
      const release = await deployScenario(scenario, `scenario-${number}`, cluster);
      answers.set(scenario.name, await askSlipway(release, cluster));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, play));
}

beforeAll(async () => {
  await playAll();
}, BUILD);

describe('verify-rollout on a real node', () => {
  it.each(TOLD)('gives the verdict, the reason and the evidence: %s', name => {
    const answer = answers.get(name);
    const { verdict, reason, evidence = /./ } = played.get(name) ?? {};
    expect(answer).toMatchObject({ said: verdict, summary: expect.stringMatching(reason ?? 'known') });
    expect(answer?.report).toMatch(evidence);
  });
});
