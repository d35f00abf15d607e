import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { toolPath } from '@slipway/testbed';
import { makeRepository, REPOSITORIES } from '@slipway/testkit/repositories';
import { findPrograms, readRepositoryFiles } from '../src/index.ts';
import { QUICK } from './expected-facts.ts';

const MINUTES = 10;

interface Answer {
  readonly unreadable?: string;
  readonly all?: { readonly refused?: string };
  readonly lint?: readonly string[];
}

/** What BuildKit itself says of a Dockerfile. */
async function askBuildkit(dockerfile: string): Promise<readonly string[]> {
  const input = JSON.stringify({ dockerfile, lint: true });
  const { stdout } = spawnSync(await toolPath('dockerfile'), { input, encoding: 'utf8' });
  const { unreadable, all, lint = [] } = JSON.parse(stdout) as Answer;
  return [unreadable, all?.refused, ...lint].filter(one => one !== undefined);
}

describe("BuildKit's linter", () => {
  test(
    'has something to say of a Dockerfile with a password',
    async () => {
      expect(await askBuildkit('FROM scratch\nENV TOKEN=example\n')).toEqual([
        expect.stringMatching(/^SecretsUsedInArgOrEnv/),
      ]);
    },
    MINUTES * 60_000,
  );

  test.each(REPOSITORIES.filter(({ name }) => QUICK.includes(name)))(
    'finds nothing in what is written for $name',
    async repository => {
      const programs = await findPrograms(readRepositoryFiles(await makeRepository(repository)));
      const said = await Promise.all(programs.map(({ program }) => askBuildkit(program.dockerfile)));
      expect(said.flat()).toEqual([]);
    },
    MINUTES * 60_000,
  );
});
