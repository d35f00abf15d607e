import { mkdirSync, writeFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Plan, planSchema, type Releases, releasesSchema } from '@slipway/core';
import { setHold } from '@slipway/release';
import { useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace, startFaultyProxy } from '@slipway/testkit/cluster';
import { exec, git, repository } from '@slipway/testkit/git';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { Ajv } from 'ajv';
import { runProgram } from '../src/run-program.ts';
import { machineIn } from './support/machine.ts';

const testbed = useTestbed({ parts: ['cluster'] });
const client = useClient(() => testbed.cluster.kubeconfig);

const settings = (namespace: string, level: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace },
  data: { level },
});

const HEAD = 'apiVersion: slipway.dev/v1\nkind:';

/** An application with one ConfigMap, at staging/main and, elsewhere, at production/eu. */
function application(namespace: string, level: string): string {
  const folder = repository({
    'slipway.yaml': `${HEAD} Application\nmetadata: {name: shop}\nspec:\n  registry: localhost:1/shop\n  services: {api: {image: docker.io/library/api:1}}\n`,
    'formations/staging.yaml': `${HEAD} Formation\nmetadata: {name: staging}\nspec:\n  destinations: {main: {namespace: ${namespace}}}\n`,
    'formations/production.yaml': `${HEAD} Formation\nmetadata: {name: production}\nspec:\n  destinations: {eu: {namespace: ${namespace}-eu, context: eu}}\n`,
    'stencils/settings.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {level: ${level}}\n`,
  });
  git(folder, 'remote', 'add', 'origin', 'https://github.com/acme/shop.git');
  return folder;
}

async function run(folder: string, kubeconfig: string, ...args: string[]) {
  const [printed, complaints]: [string[], string[]] = [[], []];
  const environment = { PATH: process.env['PATH'], KUBECONFIG: kubeconfig, HOME: '/nonexistent' };
  const machine = {
    ...machineIn(folder, { printed, complaints }),
    environment,
    exec,
    clock: () => new Date(),
  };
  const exitCode = await runProgram(args, machine);
  return { exitCode, printed: printed.join('\n'), complaints: complaints.join('\n') };
}

/** A release of the ConfigMap at staging/main. */
async function released(namespace: string, level: string): Promise<void> {
  await createNamespace(client, namespace);
  await deploy(client, requestFor(namespace, [settings(namespace, level)]));
}

const STAGING = ['--formation', 'staging'];

describe('slipway plan', () => {
  it('says what a release would change, by requests that only read, whatever the credentials may do', async () => {
    await released('planned', 'info');
    const proxy = await startFaultyProxy(testbed.cluster.kubeconfig);
    const file = join(testbed.directory, 'proxy.kubeconfig');
    await writeFile(file, proxy.kubeconfig);
    const { exitCode, printed, complaints } = await run(
      application('planned', 'debug'),
      file,
      'plan',
      ...STAGING,
    );
    proxy.close();
    expect(complaints).not.toContain('error: ');
    expect(exitCode).toBe(0);
    expect(printed).toContain('shop/staging at main, namespace planned: 1 to change (by a local merge)');
    expect(printed).toContain('/data/level: info -> debug');
    expect(complaints).toContain('compared by a local merge');
    const reviews = /^POST \/apis\/authorization\.k8s\.io\/v1\/selfsubject(?:access|rules)reviews$/;
    expect(proxy.seen.length).toBeGreaterThan(3);
    expect(proxy.seen.filter(line => !line.startsWith('GET ') && !reviews.test(line))).toEqual([]);
  });

  it('is plan.json with --json, of one destination', async () => {
    await released('as-json', 'info');
    const folder = application('as-json', 'info');
    const { exitCode, printed } = await run(folder, testbed.cluster.kubeconfig, 'plan', ...STAGING, '--json');
    const plan = JSON.parse(printed) as Plan;
    expect(new Ajv().validate(planSchema, plan)).toBe(true);
    expect([exitCode, plan.method, plan.changes.map(({ action }) => action)]).toEqual([
      0,
      'merge',
      ['unchanged'],
    ]);
    const both = await run(folder, testbed.cluster.kubeconfig, 'plan', '--json');
    expect([both.exitCode, both.printed]).toEqual([2, '']);
    expect(both.complaints).toContain('there are 2: production/eu, staging/main');
  });

  it('says of plain manifests what taking them over would change', async () => {
    await createNamespace(client, 'adopted');
    await client.create(settings('adopted', 'info'), { fieldManager: 'kubectl-client-side-apply' });
    const folder = repository({
      'k8s/settings.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {level: debug}\n`,
    });
    const args = ['plan', 'k8s', '--application', 'shop', '--namespace', 'adopted'];
    const refused = await run(folder, testbed.cluster.kubeconfig, ...args);
    expect([refused.exitCode, refused.complaints]).toEqual([1, expect.stringContaining('add --adopt')]);
    expect(refused.printed).toContain('With --adopt, which takes over what belongs to others: 1 to change');
    expect(refused.printed).toContain('/data/level: info -> debug');
    const taken = await run(folder, testbed.cluster.kubeconfig, ...args, '--adopt', '--force-conflicts');
    expect([taken.exitCode, taken.printed]).toEqual([
      0,
      expect.stringContaining('/data/level: info -> debug'),
    ]);
  });

  it('takes a kubeconfig inside the repository only if its owner alone can read it and no commit has it', async () => {
    await released('inside', 'info');
    const folder = application('inside', 'info');
    const file = join(folder, 'kubeconfig');
    const text = (await exec('cat', [testbed.cluster.kubeconfig])).stdout;
    await writeFile(file, text, { mode: 0o644 });
    const open = await run(folder, '', 'plan', ...STAGING, '--kubeconfig', 'kubeconfig');
    expect([open.exitCode, open.complaints]).toEqual([2, expect.stringContaining('chmod 600')]);
    await chmod(file, 0o600);
    expect((await run(folder, '', 'plan', ...STAGING, '--kubeconfig', 'kubeconfig')).exitCode).toBe(0);
    git(folder, 'add', '--force', 'kubeconfig');
    const added = await run(folder, '', 'plan', ...STAGING, '--kubeconfig', 'kubeconfig');
    expect([added.exitCode, added.complaints]).toEqual([2, expect.stringContaining('a commit brought it')]);
  });

  it('says that a cluster does not answer, and answers nothing', async () => {
    const file = join(testbed.directory, 'nowhere.kubeconfig');
    mkdirSync(dirname(file), { recursive: true });
    const proxy = await startFaultyProxy(testbed.cluster.kubeconfig);
    writeFileSync(file, proxy.kubeconfig);
    proxy.close();
    const { exitCode, printed, complaints } = await run(application('none', 'x'), file, 'plan', ...STAGING);
    expect([exitCode, printed]).toEqual([2, '']);
    expect(complaints).toContain('(cluster-unreachable)');
  }, 60_000);
});

describe('slipway releases', () => {
  it('lists what each destination keeps, the newest first, with who holds it, and what is not known as unknown', async () => {
    await released('listed', 'info');
    await deploy(client, requestFor('listed', [settings('listed', 'debug')]));
    await setHold(
      client,
      { application: 'shop', formation: 'staging', namespace: 'listed', repository: 'acme/shop' },
      { by: 'ada', reason: 'an incident', since: '2026-11-20T10:00:00Z' },
    );
    const folder = application('listed', 'info');
    const seen = await run(folder, testbed.cluster.kubeconfig, 'releases');
    expect(seen.exitCode).toBe(1);
    const rows = seen.printed.split('\n').map(line => line.split(/ {2,}/));
    expect(rows.map(([destination, , release]) => [destination, release])).toEqual([
      ['DESTINATION', 'RELEASE'],
      ['production/eu', 'unknown'],
      ['staging/main', '2'],
      ['staging/main', '1'],
    ]);
    expect(seen.complaints).toContain('production/eu: the kubeconfig has no context "eu"');
    expect(seen.complaints).toContain('staging/main is held by ada since 2026-11-20T10:00:00Z: an incident');
  });

  it('is one document with --json', async () => {
    await released('documented', 'info');
    const folder = application('documented', 'info');
    const { exitCode, printed } = await run(
      folder,
      testbed.cluster.kubeconfig,
      'releases',
      '--json',
      ...STAGING,
    );
    const releases = JSON.parse(printed) as Releases;
    expect(new Ajv().validate(releasesSchema, releases)).toBe(true);
    expect(exitCode).toBe(0);
    expect(releases.destinations).toMatchObject([
      { formation: 'staging', destination: 'main', releases: [{ release: 1 }] },
    ]);
  });
});
