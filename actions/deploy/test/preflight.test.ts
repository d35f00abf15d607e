import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { fakeRunner, inputsOf } from '@slipway/github/testing';
import { check, readInputs } from '../src/index.ts';

let workspace: string;

const kubeconfig = (...names: string[]): string =>
  JSON.stringify({
    clusters: names.map(name => ({ name, cluster: { server: `https://${name}.example` } })),
    users: names.map(name => ({ name, user: { token: 'a' } })),
    contexts: names.map(name => ({ name, context: { cluster: name, user: name } })),
  });

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'check-'));
  await writeFile(join(workspace, 'plain.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n');
});

async function codeOf(given: Record<string, string>): Promise<string | undefined> {
  const inputs = inputsOf(readInputs, { manifests: 'plain.yaml', ...given });
  try {
    await check(inputs, fakeRunner({ workspace }));
  } catch (error) {
    if (error instanceof SlipwayError) return error.code;
    throw error;
  }
  return undefined;
}

describe('before anything was built, deploy', () => {
  it('misses a kubeconfig, or the context of several that is meant', async () => {
    expect(await codeOf({})).toBe('kubeconfig-missing');
    expect(await codeOf({ kubeconfig: kubeconfig('eu', 'us') })).toBe('kubeconfig-context');
    expect(await codeOf({ kubeconfig: kubeconfig('eu', 'us'), context: 'us' })).toBeUndefined();
  });

  it('needs none to plan what may be a rendered tree, and one for plain manifests', async () => {
    expect(await codeOf({ mode: 'plan' })).toBe('kubeconfig-missing');
    expect(await codeOf({ mode: 'plan', manifests: 'out' })).toBeUndefined();
  });

  it('needs none to compare two trees', async () => {
    expect(await codeOf({ mode: 'plan', against: 'base' })).toBeUndefined();
  });

  it('refuses a namespace that does not fit the destination of what is rendered later, but not of plain manifests', async () => {
    const head = 'apiVersion: slipway.dev/v1\nkind: ';
    const api = '{api: {image: "docker.io/library/api:1"}}';
    await mkdir(join(workspace, 'formations'));
    await writeFile(
      join(workspace, 'slipway.yaml'),
      `${head}Application\nmetadata: {name: shop}\nspec: {registry: r.example/shop, services: ${api}}\n`,
    );
    await writeFile(
      join(workspace, 'formations/live.yaml'),
      `${head}Formation\nmetadata: {name: live}\nspec: {destinations: {eu: {namespace: shop}}}\n`,
    );
    const given = { namespace: 'other', kubeconfig: kubeconfig('eu') };
    expect(await codeOf({ ...given, manifests: 'out' })).toBe('destination-differs');
    expect(await codeOf(given)).toBeUndefined();
    for (const mode of ['rollback', 'releases', 'destroy'])
      expect(await codeOf({ ...given, mode })).toBe('destination-differs');
  });
});
