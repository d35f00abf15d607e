import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareDockerfiles } from './support/compare-dockerfiles.ts';
import { dockerfiles } from './support/random-dockerfiles.ts';

/** What `packages/build/tools/dockerfiles.ts` does for as long as one likes, done for a moment. */
const COUNT = 600;

it.each([1, 2])(
  'Dockerfiles of seed %d name the images here that they name for BuildKit',
  async seed => {
    const { differences, refused, known } = await compareDockerfiles(
      fc.sample(dockerfiles, { seed, numRuns: COUNT }),
    );
    expect(differences).toEqual([]);
    expect(refused).toBeGreaterThan(COUNT * 0.3);
    expect(known).toBeGreaterThan(COUNT * 0.2);
  },
  600_000,
);
