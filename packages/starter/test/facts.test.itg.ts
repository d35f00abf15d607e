import { describe, expect, test } from '@jest/globals';
import { makeRepository, REPOSITORIES } from '@slipway/testkit/repositories';
import { findPrograms, readRepositoryFiles } from '../src/index.ts';
import { expectedFacts, factsOf, QUICK } from './expected-facts.ts';

const MINUTES = 10;

describe('what init reads in a repository is what a person reads there', () => {
  test.each(REPOSITORIES.filter(({ name }) => QUICK.includes(name)))(
    '$name',
    async repository => {
      const files = readRepositoryFiles(await makeRepository(repository));
      expect((await findPrograms(files)).map(factsOf)).toEqual(expectedFacts(repository.name));
    },
    MINUTES * 60_000,
  );
});
