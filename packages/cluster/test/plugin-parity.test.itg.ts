import { beforeAll, expect, it } from '@jest/globals';
import { type JsonObject, parseJson, SlipwayError, silentLogger } from '@slipway/core';
import { createAuthority, toolPath } from '@slipway/testbed';
import fc from 'fast-check';
import { loadKubeconfig } from '../src/kubeconfig/load-kubeconfig.ts';
import { byClientGo, comparable, type Login, type Outcome } from './support/client-go.ts';
import { randomLogins } from './support/random-logins.ts';
import { sentWith } from './support/sent-with.ts';

/** Each starts a process or two of client-go's. */
const COUNT = 1500;

beforeAll(() => toolPath('kubeconfig'));

async function byUs({ kubeconfig, answer, exit }: Login): Promise<Outcome> {
  const given: Outcome[] = [];
  let now = Date.now();
  try {
    const loaded = await loadKubeconfig(
      {
        kubeconfig: JSON.stringify(kubeconfig),
        context: 'a',
        environment: {},
        workspace: '/nowhere',
        runPlugin: async (_command, args, { environment: { KUBERNETES_EXEC_INFO = '', ...environment } }) => {
          given.push({
            info: parseJson(KUBERNETES_EXEC_INFO) as JsonObject,
            environment,
            arguments: args,
            asksAgain: false,
          });
          return { exitCode: exit, stdout: answer, stderr: '' };
        },
      },
      { now: () => now, logger: silentLogger },
    );
    await loaded.readOptions();
    // What has expired is not asked for again at once, so that a plugin that repeats itself is not run all the time.
    now += 2_000;
    const options = await loaded.readOptions();
    return { ...given[0], ...sentWith(loaded, options), asksAgain: given.length > 1 };
  } catch (error) {
    if (error instanceof SlipwayError) return { refused: error.message, asksAgain: false };
    throw error;
  }
}

it('random plugins and their answers are given, taken and refused as by client-go', async () => {
  const authority = await createAuthority('an authority', () => new Date());
  const pairs = [await authority.client('one', []), await authority.client('other', [])] as const;
  const encoded = Buffer.from(authority.certificate).toString('base64');
  const logins = fc.sample(randomLogins(encoded, pairs), { seed: 19, numRuns: COUNT });
  const theirs = await byClientGo(logins);
  expect(theirs).toHaveLength(COUNT);
  const ours = await Promise.all(logins.map(byUs));
  const differences = logins.flatMap((login, index) => {
    const [we, they] = [ours[index] as Outcome, theirs[index] as Outcome];
    return comparable(we) === comparable(they)
      ? []
      : [{ exec: execOf(login), answer: login.answer, we, they }];
  });
  expect(differences.slice(0, 5)).toEqual([]);
  const accepted = theirs.filter(({ refused }) => refused === undefined).length;
  expect(accepted / COUNT).toBeGreaterThan(0.15);
  expect(theirs.some(({ certificate }) => certificate !== undefined)).toBe(true);
  expect(theirs.some(({ asksAgain }) => asksAgain)).toBe(true);
});

function execOf({ kubeconfig }: Login): unknown {
  return (kubeconfig as { users: { user: unknown }[] }).users[0]?.user;
}
