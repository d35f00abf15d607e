import { describe, expect, test } from '@jest/globals';
import { makeRepository, REPOSITORIES } from '@slipway/testkit/repositories';
import { type FoundProgram, findPrograms, readRepositoryFiles } from '../src/index.ts';
import { EXPECTED, type ExpectedFacts, QUICK } from './expected-facts.ts';

const MINUTES = 10;

describe('what init reads in a repository is what a person reads there', () => {
  test.each(REPOSITORIES.filter(({ name }) => QUICK.includes(name)))(
    '$name',
    async repository => {
      const files = readRepositoryFiles(await makeRepository(repository));
      expect((await findPrograms(files)).map(factsOf)).toEqual(EXPECTED[repository.name]?.map(complete));
    },
    MINUTES * 60_000,
  );
});

function complete({ folder = '', context = folder, ...facts }: ExpectedFacts): ExpectedFacts {
  return { folder, context, ...facts };
}

interface Guessable<T> {
  readonly value: T;
  readonly guess?: string;
}

function factsOf({ folder, context, program: { facts } }: FoundProgram): ExpectedFacts {
  const { language, framework, manager, lock, runtime, build, start, port, health } = facts;
  return {
    ...{ folder, context, language },
    ...(framework !== undefined && { framework }),
    ...(manager !== undefined && { manager }),
    ...(lock !== undefined && { lock }),
    ...(runtime && { runtime: written(runtime, value => value) }),
    ...(build.length > 0 && { build: build.map(step => written(step, value => value)) }),
    ...(start && { start: written(start, words => words.join(' ')) }),
    ...(port && { port: written(port, value => `${value}`) }),
    ...(health && { health: written(health, value => value) }),
  };
}

function written<T>({ value, guess }: Guessable<T>, write: (value: T) => string): string {
  return `${guess === undefined ? '' : '?'}${write(value)}`;
}
