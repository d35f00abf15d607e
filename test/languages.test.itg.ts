import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { START_LIMIT } from '@slipway/testbed/jest';
import { REPOSITORIES } from '@slipway/testkit/repositories';
import { type Delivery, deliver } from '../bench/init/deliver.ts';
import { type InitStage, setInitStage } from '../bench/init/stage.ts';

/** What a pod of each answers to `GET /`. These two have the smallest base images; `npm run bench -- init` has the others. */
const ANSWERS: Readonly<Record<string, string>> = { 'static-site': '200', 'express-npm': '200' };
/** Most of what a release takes is waiting. */
const AT_ONCE = 2;

let stage: InitStage;
const deliveries = new Map<string, Delivery | Error>();

beforeAll(async () => {
  stage = await setInitStage();
  const queue = REPOSITORIES.filter(({ name }) => Object.hasOwn(ANSWERS, name)).values();
  const work = async (): Promise<void> => {
    for (const repository of queue)
      deliveries.set(repository.name, await deliver(repository, stage).catch((error: Error) => error));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}, START_LIMIT);

afterAll(() => stage?.stop(), START_LIMIT);

/** @throws Error with the step's log unless a release passed */
function delivered(name: string): Delivery {
  const delivery = deliveries.get(name);
  if (delivery === undefined || delivery instanceof Error) throw delivery ?? new Error(`${name} did not run`);
  if (delivery.verdict !== 'succeeded') throw new Error(`${delivery.summary}\n${delivery.log}`);
  return delivery;
}

describe('a repository that has nothing but code', () => {
  it.each(Object.entries(ANSWERS))(
    'gets from init to a verified release on a real node without a line by hand: %s',
    (name, answer) => {
      const delivery = delivered(name);
      expect(delivery).toMatchObject({ byHand: 0, errors: 0, warnings: 0 });
      expect(delivery.answers).toEqual([`${name} ${answer}`]);
    },
  );

  it.each(Object.keys(ANSWERS))('has an image whose user is a number and not root: %s', name => {
    expect(delivered(name).images.map(({ user }) => user)).toEqual([
      expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/),
    ]);
  });
});
