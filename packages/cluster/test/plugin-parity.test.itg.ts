import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { beforeAll, expect, it } from '@jest/globals';
import { type JsonObject, parseJson, SlipwayError, silentLogger } from '@slipway/core';
import { createAuthority, toolPath } from '@slipway/testbed';
import fc from 'fast-check';
import { loadKubeconfig } from '../src/kubeconfig/load-kubeconfig.ts';
import { type Login, randomLogins } from './support/random-logins.ts';

/** Each starts a process or two of client-go's. */
const COUNT = 1500;

beforeAll(() => toolPath('exec-plugin'));

/** What comes of a login: what the plugin was given, and what a request is sent with. */
interface Outcome {
  readonly refused?: string;
  readonly info?: JsonObject;
  readonly environment?: object;
  readonly arguments?: readonly string[];
  readonly authorization?: string;
  readonly certificate?: string;
  /** Whether the second of two requests asked the plugin again. */
  readonly asksAgain: boolean;
}

async function byClientGo(logins: readonly Login[]): Promise<Outcome[]> {
  const program = spawn(await toolPath('exec-plugin'), [], { stdio: ['pipe', 'pipe', 'ignore'] });
  program.stdin.end(logins.map(login => `${JSON.stringify(login)}\n`).join(''));
  const lines = (await text(program.stdout)).trimEnd().split('\n');
  return lines.map(line => {
    const { runs, ...others } = parseJson(line) as unknown as Outcome & { readonly runs: number };
    return others.refused === undefined
      ? { ...others, asksAgain: runs > 1 }
      : { refused: others.refused, asksAgain: false };
  });
}

async function byUs({ kubeconfig, answer, exit }: Login): Promise<Outcome> {
  const given: Outcome[] = [];
  let now = Date.now();
  const options: RequestOptions = {};
  try {
    const { config } = await loadKubeconfig(
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
    await config.applyToHTTPSOptions(options);
    // What has expired is not asked for again at once, so that a plugin that repeats itself is not run all the time.
    now += 2_000;
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    if (error instanceof SlipwayError) return { refused: error.message, asksAgain: false };
    throw error;
  }
  return { ...given[0], ...sentWith(options), asksAgain: given.length > 1 };
}

function sentWith({ headers, cert, auth }: RequestOptions): Partial<Outcome> {
  const bearer = (headers as Record<string, string> | undefined)?.['Authorization'];
  const authorization = auth ? `Basic ${Buffer.from(auth).toString('base64')}` : bearer;
  const certificate = typeof cert === 'string' ? new X509Certificate(cert).raw.toString('base64') : undefined;
  return { ...(authorization && { authorization }), ...(certificate && { certificate }) };
}

/** Nothing that is empty or absent, which Go writes the same way. */
function comparable({ refused, ...outcome }: Outcome): object {
  if (refused !== undefined) return { refused: true };
  return Object.fromEntries(
    Object.entries(outcome).filter(
      ([, value]) =>
        value !== undefined &&
        JSON.stringify(value) !== '{}' &&
        JSON.stringify(value) !== '[]' &&
        value !== null,
    ),
  );
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
    const isSame = JSON.stringify(sorted(comparable(we))) === JSON.stringify(sorted(comparable(they)));
    return isSame ? [] : [{ exec: execOf(login), answer: login.answer, we, they }];
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

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [two]) => (one < two ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}
