import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { formatProblem, SlipwayError } from '@slipway/core';
import { fakeRunner, inputsOf } from '@slipway/github/testing';
import { readInputs, run } from '../src/index.ts';

let workspace = '';
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'releases-'));
  await mkdir(join(workspace, 'formations'));
  const head = 'apiVersion: slipway.dev/v1\nkind: ';
  const destinations = '{eu: {namespace: shop-eu, context: eu}, us: {namespace: shop-us, context: us}}';
  const files = {
    'slipway.yaml': `${head}Application\nmetadata: {name: shop}\nspec: {registry: r.example/shop, services: {api: {image: "docker.io/library/api:1"}}}\n`,
    'formations/live.yaml': `${head}Formation\nmetadata: {name: live}\nspec: {destinations: ${destinations}}\n`,
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(workspace, path), text);
});

const KUBECONFIG = JSON.stringify({
  clusters: [{ name: 'asia', cluster: { server: 'https://asia.example' } }],
  users: [{ name: 'asia', user: { token: 'a' } }],
  contexts: [{ name: 'asia', context: { cluster: 'asia', user: 'asia' } }],
});

async function list(given: Readonly<Record<string, string>> = {}) {
  const runner = fakeRunner({ workspace });
  const inputs = inputsOf(readInputs, { mode: 'releases', kubeconfig: KUBECONFIG, ...given });
  const error = await run(inputs, runner).catch((thrown: unknown) => thrown);
  if (!(error instanceof SlipwayError)) throw error;
  const { problems } = error;
  const messages = problems.map(formatProblem);
  return { codes: problems.map(({ code }) => code), messages, summary: runner.summary };
}

it('every destination is listed, and those that cannot be are shown as not known before the step fails', async () => {
  const { codes, summary } = await list();
  expect(codes).toEqual(['kubeconfig-context', 'kubeconfig-context']);
  for (const name of ['eu', 'us'])
    expect(summary).toContain(
      `Releases of shop/live at ${name}, namespace shop-${name}\n\nThey are not known.\n\n> the kubeconfig has no context`,
    );
});

it('one destination is listed where it is named, and two releases of several are not compared', async () => {
  expect((await list({ destination: 'us' })).codes).toEqual(['kubeconfig-context']);
  expect((await list({ against: '1' })).codes).toEqual(['destination-unclear']);
});

it('a destination that was taken out is named with what leads to it', async () => {
  const { messages } = await list({ destination: 'asia' });
  expect(messages).toEqual([
    expect.stringMatching(
      /^there is no destination "asia" in formation "live".* also set namespace to the one that it had$/,
    ),
  ]);
});
