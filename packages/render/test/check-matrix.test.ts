import { expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { checkMatrix, type WaveJob } from '../src/index.ts';

const jobs = (count: number): WaveJob[] =>
  Array.from({ length: count }, (_job, index) => ({
    ...{ formation: 'production', destination: `d${index}`, environment: '', digest: '' },
  }));

function messagesOf(waves: readonly (readonly WaveJob[])[]): string[] {
  try {
    checkMatrix(waves);
  } catch (error) {
    if (error instanceof SlipwayError) return error.problems.map(({ message }) => message);
    throw error;
  }
  return [];
}

it.each<[string, readonly (readonly WaveJob[])[], string[]]>([
  ['256 destinations and 256 waves', [...Array(255).fill(jobs(1)), jobs(256)], []],
  ['257 destinations', [jobs(1), jobs(257)], ['wave 2 has 257 destinations']],
  ['257 waves', Array(257).fill(jobs(1)), ['there are 257 waves']],
])('a workflow can run what render-stencil gives it: %s', (_what, waves, problems) => {
  expect(messagesOf(waves)).toEqual(
    problems.map(what => `${what}, and a matrix of GitHub has at most 256 jobs`),
  );
});
