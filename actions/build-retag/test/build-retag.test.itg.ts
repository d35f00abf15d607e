import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseSnapshot, type Snapshot, type Verdict } from '@slipway/core';
import { parseReference, pushSnapshot, pushVerdict, readSnapshot, retag } from '@slipway/registry';
import {
  type BaseImages,
  pushBaseImages,
  type RunningRegistry,
  startTestbed,
  type Testbed,
} from '@slipway/testbed';
import { clientFor, digestAt } from '../../../packages/registry/test/registry-fixture.ts';
import { createJob, type JobOptions, runStep, type StepResult } from '../../../testbed/src/runner/index.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

const START = 600_000;
const ACTION = resolve(import.meta.dirname, '..');
const SECRET = 'a-token-that-nobody-may-see';
const SERVICES = ['api', 'cache', 'web'];

let testbed: Testbed;
let scratch: string;
let images: BaseImages;
let workspace: Workspace;
/** A path in the registry of its own for each test. */
let path: string;
const registry = (): RunningRegistry => testbed.registry ?? { address: '' };
const client = () => clientFor(registry(), [registry().address]);

beforeAll(async () => {
  testbed = await startTestbed({ parts: ['registry', 'buildkit'], registryAuth: 'token' });
  images = await pushBaseImages(registry());
  scratch = mkdtempSync(join(tmpdir(), 'slipway-build-retag-'));
}, START);

beforeEach(() => {
  path = `${randomUUID()}/shop`;
  workspace = createWorkspace(scratch, `${registry().address}/${path}`, {
    base: images.base.name,
    redis: images.redis.name,
  });
});

afterAll(async () => {
  await testbed.stop();
  rmSync(scratch, { recursive: true, force: true });
});

async function run(
  inputs: Record<string, string> = {},
  environment: Record<string, string> = {},
  event: Partial<JobOptions> = {},
): Promise<StepResult> {
  const job = createJob({
    ...event,
    workspace: workspace.path,
    directory: scratch,
    path: `${dirname(testbed.buildkit?.buildctl ?? '')}:/usr/bin:/bin`,
    environment: {
      BUILDKIT_HOST: testbed.buildkit?.address ?? '',
      DOCKER_CONFIG: registry().dockerConfig ?? '',
      ...environment,
    },
  });
  const given = inputs['promote'] === undefined ? { 'build-secrets': `token=${SECRET}`, ...inputs } : inputs;
  return await runStep(job, { action: ACTION, inputs: given });
}

const homeOf = () => ({ registry: `${registry().address}/${path}`, application: 'shop' });

const tagged = (service: string, tag: string) => digestAt(registry(), `${path}/${service}`, tag);

async function taggedServices(tag: string): Promise<string[]> {
  const found = await Promise.all(
    [...SERVICES, 'snapshots'].map(async name => ((await tagged(name, tag)) ? [name] : [])),
  );
  return found.flat();
}

function snapshotOf(result: StepResult): Snapshot {
  const file = result.outputs['snapshot'] ?? '';
  return parseSnapshot(readFileSync(file, 'utf8'), file);
}

/** What the registry holds of this test's application, by the folders that it stores it in. */
function stored(): string[] {
  const folder = join(testbed.directory, 'registry/data/docker/registry/v2/repositories', path);
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Notes what became of a snapshot in staging, as verify-rollout does. */
const pass = (snapshot: Snapshot, destination: string, verdict: Verdict['verdict'] = 'succeeded') =>
  pushVerdict(client(), snapshot, {
    apiVersion: 'slipway.dev/v1',
    kind: 'Verdict',
    verdict,
    application: 'shop',
    formation: 'staging',
    destination,
    namespace: 'shop',
    deploymentTag: snapshot.deploymentTag,
    started: '2026-11-21T02:00:00.000Z',
    finished: '2026-11-21T02:01:00.000Z',
    summary: 'Everything is ready.',
    objects: [],
  });

/** Fails with the log of the step when it did not succeed. */
function succeeded(result: StepResult): StepResult {
  if (result.exitCode !== 0) throw new Error(result.log);
  return result;
}

function expectFailure(result: StepResult, sentence: RegExp): void {
  expect(result.exitCode).toBe(1);
  expect(result.annotations.map(({ message }) => message).join('\n')).toMatch(sentence);
  expect(result.log).not.toMatch(/^ {4}at /m);
}

describe('a build', () => {
  it('gives all images one deployment tag and hands their digests on', async () => {
    const revision = workspace.commit();
    const result = succeeded(await run());
    const snapshot = snapshotOf(result);
    const tag = result.outputs['deployment-tag'] ?? '';
    expect(tag).toMatch(new RegExp(`^\\d{8}-\\d{6}-${revision.slice(0, 7)}-1-1$`));
    for (const service of SERVICES) expect(await tagged(service, tag)).toBe(snapshot.images[service]?.digest);
    expect(snapshot).toMatchObject({ application: 'shop', deploymentTag: tag, gitRevision: revision });
    expect(snapshot.images['cache']).toMatchObject({ origin: 'retagged', digest: images.redis.digest });
    expect(await readSnapshot(client(), snapshot, tag)).toEqual(snapshot);
    expect(result.outputs['git-revision']).toBe(revision);
    expect(JSON.parse(result.outputs['images'] ?? '')).toMatchObject({
      cache: `${registry().address}/${path}/cache@${images.redis.digest}`,
    });
    for (const text of [tag, 'api', 'retagged', 'built']) expect(result.summary).toContain(text);
  });

  it('gives an image whose sources did not change the digest that it had', async () => {
    workspace.commit();
    const first = snapshotOf(succeeded(await run()));
    workspace.write('web/app.txt', 'new\n');
    workspace.commit();
    const second = snapshotOf(succeeded(await run({}, { GITHUB_RUN_NUMBER: '2' })));
    expect(second.deploymentTag).not.toBe(first.deploymentTag);
    expect(second.images['api']).toEqual(first.images['api']);
    expect(second.images['web']?.digest).not.toBe(first.images['web']?.digest);
  });

  it('shows no build secret, though a Dockerfile prints it', async () => {
    // Nothing that was built before, or the step's output would come from no step.
    workspace.write('api/app.txt', randomUUID());
    workspace.commit();
    const result = succeeded(await run());
    expect(result.raw).toMatch(/^#\d+ [\d.]+ \*\*\*$/m);
    for (const text of [result.raw, result.summary]) expect(text).not.toContain(SECRET);
  });

  it('outside of a Git repository has no revision, and says so', async () => {
    rmSync(join(workspace.path, '.git'), { recursive: true });
    const result = succeeded(await run());
    expect(result.outputs['git-revision']).toBe('');
    expect(result.log).toContain('no Git repository');
    expect(snapshotOf(result).gitRevision).toBeUndefined();
  });

  it('goes to the registry of the input rather than that of slipway.yaml', async () => {
    workspace.commit();
    path = `${randomUUID()}/elsewhere`;
    const result = succeeded(
      await run({ registry: `${registry().address}/${path}`, 'deployment-tag': 'v1' }),
    );
    expect(await taggedServices('v1')).toEqual([...SERVICES, 'snapshots']);
    expect(snapshotOf(result).registry).toBe(`${registry().address}/${path}`);
  });
});

describe('a build of some services', () => {
  beforeEach(async () => {
    workspace.commit();
    succeeded(await run({ 'deployment-tag': 'v1' }));
    workspace.write('web/app.txt', randomUUID());
    workspace.write('api/app.txt', randomUUID());
    workspace.commit();
  });

  it('takes the others from the snapshot that it is told, and tags all', async () => {
    const first = await readSnapshot(client(), homeOf(), 'v1');
    const result = succeeded(await run({ 'deployment-tag': 'v2', services: 'web', 'rest-from': 'v1' }));
    const second = snapshotOf(result);
    expect(second.images['web']?.digest).not.toBe(first.images['web']?.digest);
    expect(second.images['api']).toEqual(first.images['api']);
    expect(second.images['cache']).toEqual(first.images['cache']);
    expect(await taggedServices('v2')).toEqual([...SERVICES, 'snapshots']);
    expect(result.summary).toContain('kept from <code>v1</code>');
  });

  it.each([
    [
      'nothing says where the others come from',
      { services: 'web' },
      /images of "api", "cache" come from; set rest/,
    ],
    ['a service is unknown', { services: 'wbe', 'rest-from': 'v1' }, /no service "wbe"; did you mean "web"/],
    [
      'the others were never there',
      { services: 'web', 'rest-from': 'v0' },
      /"v0" is neither a formation nor/,
    ],
    ['the others never passed', { services: 'web', 'rest-from': 'staging' }, /no snapshot has succeeded at/],
  ])('is refused when %s', async (_case, inputs, sentence) => {
    expectFailure(await run({ 'deployment-tag': 'v2', ...(inputs as Record<string, string>) }), sentence);
    expect(await taggedServices('v2')).toEqual([]);
  });
});

describe('a service whose inputs are those of an image that passed', () => {
  let passed: Snapshot;
  const built = (result: StepResult) =>
    ['api', 'web'].filter(service => !new RegExp(`Build ${service}\\n(?:.*\\n)?Not built`).test(result.log));

  beforeEach(async () => {
    workspace.commit();
    passed = snapshotOf(succeeded(await run({ 'deployment-tag': 'v1' })));
    await pass(passed, 'main');
    workspace.write('web/app.txt', randomUUID());
    workspace.write('README.md', 'no input\n');
    workspace.commit();
  });

  it('is not built, and its image gets the new tag', async () => {
    expect(passed.images['api']?.inputs).toMatch(/^sha256:/);
    const result = succeeded(await run({ 'deployment-tag': 'v2' }));
    expect(built(result)).toEqual(['web']);
    expect(snapshotOf(result).images['api']).toEqual(passed.images['api']);
    expect(snapshotOf(result).images['web']?.inputs).not.toBe(passed.images['web']?.inputs);
    expect(await taggedServices('v2')).toEqual([...SERVICES, 'snapshots']);
    expect(result.summary).toContain('kept from <code>v1</code>');
    expect(result.summary).toContain('Since <code>v1</code>, which passed');
    expect(result.summary).toMatch(/^\| api .*MB \| the same \|/m);
    expect(result.summary).toMatch(/^\| web .*MB \| 1 of 2 layers, 0\.\d kB \|/m);
  });

  it('is built all the same when asked to', async () => {
    const result = succeeded(await run({ 'deployment-tag': 'v2', rebuild: 'always' }));
    expect(built(result)).toEqual(['api', 'web']);
  });

  it('is built when its base image is another one now', async () => {
    const own = { registry: registry().address, path: `${path}/own-base`, tag: '1' };
    const name = `${own.registry}/${own.path}:1`;
    await retag(client(), parseReference(images.base.name), own);
    workspace.write('api/Dockerfile', `FROM ${name}\nCOPY app.txt /\n`);
    workspace.commit();
    await pass(snapshotOf(succeeded(await run({ 'deployment-tag': 'v2' }))), 'main');
    expect(built(succeeded(await run({ 'deployment-tag': 'v3' })))).toEqual([]);
    await retag(client(), parseReference(images.redis.name), own, 'overwrite');
    expect(built(succeeded(await run({ 'deployment-tag': 'v4' })))).toEqual(['api']);
  });

  it('is built where the snapshot that passed has another image of that name', async () => {
    const forged = { ...passed.images, api: { ...passed.images['api'], digest: `sha256:${'0'.repeat(64)}` } };
    const snapshot = { ...passed, deploymentTag: 'v0', images: forged } as Snapshot;
    await pushSnapshot(client(), snapshot);
    await pass(snapshot, 'main');
    expect(built(succeeded(await run({ 'deployment-tag': 'v2' })))).toEqual(['api', 'web']);
  });
});

describe('a service that starts from another', () => {
  const withBase = (baseStep: string): void => {
    const file = readFileSync(join(workspace.path, 'slipway.yaml'), 'utf8');
    const base = '    base:\n      build: {context: base, contexts: {shared: shared}}\n';
    workspace.write(
      'slipway.yaml',
      `${file.replace('{context: web}', '{context: web, depends-on: [base, cache]}')}${base}`,
    );
    workspace.write('shared/shared.txt', 'shared\n');
    workspace.write(
      'base/Dockerfile',
      `FROM ${images.base.name}\nCOPY --from=shared shared.txt /\n${baseStep}`,
    );
    workspace.write('web/Dockerfile', 'FROM base\nCOPY --from=cache /bin/sh /sh\nRUN cat /shared.txt\n');
    workspace.commit();
  };

  it('is built after it, from the image that got the same deployment tag', async () => {
    withBase('');
    const result = succeeded(await run({ 'deployment-tag': 'v1' }));
    expect(await taggedServices('v1')).toEqual([...SERVICES, 'snapshots']);
    expect(await tagged('base', 'v1')).toBe(snapshotOf(result).images['base']?.digest);
    workspace.write('shared/shared.txt', 'new\n');
    workspace.commit();
    const next = snapshotOf(succeeded(await run({ 'deployment-tag': 'v2' })));
    expect(next.images['web']?.digest).not.toBe(snapshotOf(result).images['web']?.digest);
  });

  it('is built from an image that nobody pushed, on a pull request', async () => {
    withBase('');
    succeeded(await run({ push: 'never' }));
    expect(stored()).toEqual([]);
  });

  it('is not built when that one fails, which is the only error', async () => {
    withBase('RUN false\n');
    const result = await run({ 'deployment-tag': 'v1' });
    expectFailure(result, /the image of "base" does not build/);
    expect(result.annotations).toHaveLength(1);
    expect(result.log).toContain('Not built: it starts from base, which is not there');
    expect(await taggedServices('v1')).toEqual([]);
  });

  it('takes it from the snapshot of the rest when only some are built', async () => {
    withBase('');
    succeeded(await run({ 'deployment-tag': 'v1' }));
    const result = succeeded(await run({ 'deployment-tag': 'v2', services: 'web', 'rest-from': 'v1' }));
    expect(await tagged('base', 'v1')).toBe(snapshotOf(result).images['base']?.digest);
  });
});

describe('a deployment tag that exists', () => {
  beforeEach(async () => {
    workspace.commit();
    succeeded(await run({ 'deployment-tag': 'v1' }));
  });

  it('is a success for the same build, whose snapshot stays', async () => {
    const before = await tagged('snapshots', 'v1');
    succeeded(await run({ 'deployment-tag': 'v1' }));
    expect(await tagged('snapshots', 'v1')).toBe(before);
  });

  it('is an error for another build, and stays what it was', async () => {
    const before = await Promise.all(SERVICES.map(service => tagged(service, 'v1')));
    workspace.write('web/app.txt', 'new\n');
    workspace.commit();
    expectFailure(
      await run({ 'deployment-tag': 'v1' }),
      /"v1" names another snapshot already.*on-existing-tag/,
    );
    expect(await Promise.all(SERVICES.map(service => tagged(service, 'v1')))).toEqual(before);
  });

  it('is kept without a build when asked to', async () => {
    const before = await tagged('web', 'v1');
    workspace.write('web/app.txt', 'new\n');
    workspace.commit();
    const result = succeeded(
      await run({ 'deployment-tag': 'v1', 'on-existing-tag': 'keep' }, { BUILDKIT_HOST: '' }),
    );
    expect(snapshotOf(result).images['web']?.digest).toBe(before);
  });

  it('is moved when asked to', async () => {
    workspace.write('web/app.txt', 'new\n');
    workspace.commit();
    const result = succeeded(await run({ 'deployment-tag': 'v1', 'on-existing-tag': 'overwrite' }));
    expect(await tagged('web', 'v1')).toBe(snapshotOf(result).images['web']?.digest);
    expect(await readSnapshot(client(), snapshotOf(result), 'v1')).toEqual(snapshotOf(result));
  });
});

describe('what is wrong is one sentence, and leaves nothing half done', () => {
  it('when services have no Dockerfile: each on its line, before anything is built', async () => {
    rmSync(join(workspace.path, 'api/Dockerfile'));
    rmSync(join(workspace.path, 'web'), { recursive: true });
    const result = await run({ 'deployment-tag': 'v1' });
    expectFailure(result, /"api" has no Dockerfile at "api\/Dockerfile"; add it/);
    expectFailure(result, /"web" has no folder "web"/);
    expect(result.annotations.map(({ file, line }) => [file, line])).toEqual([
      ['slipway.yaml', 7],
      ['slipway.yaml', 9],
    ]);
    expect(await taggedServices('v1')).toEqual([]);
  });

  it('when one of the images does not build', async () => {
    workspace.write('web/Dockerfile', `FROM ${images.base.name}\nRUN sh -c "echo the-reason; exit 7"\n`);
    workspace.commit();
    const result = await run({ 'deployment-tag': 'v1' });
    expectFailure(result, /the image of "web" does not build: .*exit code: 7/);
    expect(result.annotations[0]).toMatchObject({ file: 'web/Dockerfile', line: 2 });
    expect(result.summary).toContain('the-reason');
    expect(await taggedServices('v1')).toEqual([]);
    expect(result.outputs).toMatchObject({ 'deployment-tag': 'v1' });
    expect(result.outputs['snapshot']).toBeUndefined();
  });

  it('when a build secret ended up in an image', async () => {
    const step = 'RUN --mount=type=secret,id=token cp /run/secrets/token /root-token';
    workspace.write('api/Dockerfile', `FROM ${images.base.name}\n${step}\nRUN rm /root-token\n`);
    workspace.commit();
    const result = await run({ 'deployment-tag': 'v1' });
    expectFailure(result, /the image of "api" holds the build secret "token" in "root-token" of sha256:/);
    expect(result.raw).not.toContain(SECRET);
    expect(await taggedServices('v1')).toEqual([]);
  });

  it('when a ready-made image is not there, although all else builds', async () => {
    const file = readFileSync(join(workspace.path, 'slipway.yaml'), 'utf8');
    workspace.write('slipway.yaml', file.replace('redis:7.4', 'redis:8.0'));
    expectFailure(await run({ 'deployment-tag': 'v1' }), /has no image ".*redis:8\.0"/);
    expect(await taggedServices('v1')).toEqual([]);
  });

  it('when somebody has the deployment tag in one of the repositories', async () => {
    workspace.commit();
    const { digest } = images.redis;
    const source = parseReference(images.redis.name);
    await retag(client(), source, { registry: registry().address, path: `${path}/web`, tag: 'v1' });
    expectFailure(await run({ 'deployment-tag': 'v1' }), /web:v1" names another image already/);
    expect(await taggedServices('v1')).toEqual(['web']);
    expect(await tagged('web', 'v1')).toBe(digest);
  });

  it.each([
    [
      'the registry does not answer',
      { registry: '127.0.0.1:1/shop' },
      /the registry "127\.0\.0\.1:1" does not answer/,
    ],
    ['slipway.yaml is not there', { application: 'other/slipway.yaml' }, /no file "other\/slipway.yaml"/],
    ['slipway.yaml is outside', { application: '../slipway.yaml' }, /no file "\.\.\/slipway.yaml"/],
    ['a build secret is missing', { 'build-secrets': '' }, /"api" wants the build secret "token"; add/],
    [
      'the file of a build secret is missing',
      { 'build-secrets': 'token=@none' },
      /build secret "token" cannot be read/,
    ],
    [
      'the deployment tag is too long',
      { 'deployment-tag': 'a'.repeat(46) },
      /"deployment-tag" has 46 characters/,
    ],
    ['the builder is not there', { builder: 'docker' }, /buildx|docker/],
    [
      'there is nothing of that name to promote',
      { promote: 'stagin' },
      /did you mean the formation "staging"/,
    ],
  ])('when %s', async (_case, inputs, sentence) => {
    const result = await run(inputs as Record<string, string>);
    expectFailure(result, sentence);
    expect(result.annotations).toHaveLength(1);
    const tag = result.outputs['deployment-tag'] ?? 'none';
    expect(await taggedServices(tag)).toEqual([]);
  });

  it('when the login is refused', async () => {
    const result = await run({ 'deployment-tag': 'v1' }, { DOCKER_CONFIG: scratch });
    expectFailure(result, /log in to/);
    expect(await taggedServices('v1')).toEqual([]);
  });
});

describe('a pull request', () => {
  const SENT = 'FROM_THE_SECRET';
  const pullRequest = (head: string) => ({
    eventName: 'pull_request',
    event: { pull_request: { head: { repo: { full_name: head } } } },
  });

  beforeEach(() => {
    const step = `RUN --mount=type=secret,id=token test -r /run/secrets/token && echo ${SENT}`;
    workspace.write('api/Dockerfile', `FROM ${images.base.name}\nCOPY app.txt /\n${step} || true\n`);
    workspace.write('api/app.txt', randomUUID());
    workspace.commit();
  });

  it('is built, and leaves nothing in the registry', async () => {
    const result = succeeded(await run({ 'deployment-tag': 'v1' }, {}, pullRequest('acme/shop')));
    expect(result.outputs).toEqual({ 'git-revision': expect.stringMatching(/^[0-9a-f]{40}$/) });
    expect(result.summary).toContain('Nothing was pushed');
    expect(result.log).toMatch(new RegExp(`^#\\d+ [\\d.]+ ${SENT}$`, 'm'));
    expect(stored()).toEqual([]);
  });

  it('from a fork gets no build secrets', async () => {
    const result = succeeded(await run({}, {}, pullRequest('stranger/shop')));
    expect(result.log).toContain('test -r /run/secrets/token');
    expect(result.log).not.toMatch(new RegExp(`^#\\d+ [\\d.]+ ${SENT}$`, 'm'));
    expect(stored()).toEqual([]);
  });

  it('that does not build fails', async () => {
    workspace.write('web/Dockerfile', 'FROM scratch\nCOPY missing /\n');
    expectFailure(await run({}, {}, pullRequest('acme/shop')), /the image of "web" does not build/);
  });

  it('is pushed when the workflow says so', async () => {
    const inputs = { 'deployment-tag': 'v1', push: 'always' };
    succeeded(await run(inputs, {}, pullRequest('stranger/shop')));
    expect(stored()).toEqual([...SERVICES, 'snapshots'].sort());
    expect(await taggedServices('v1')).toEqual([...SERVICES, 'snapshots']);
  });
});

describe('a promotion', () => {
  let v1: Snapshot;
  let v2: Snapshot;
  /** No builder: nothing must be built. */
  const promote = (what: string) => run({ promote: what }, { BUILDKIT_HOST: '', PATH: '/usr/bin:/bin' });

  beforeEach(async () => {
    workspace.commit();
    v1 = snapshotOf(succeeded(await run({ 'deployment-tag': 'v1' })));
    workspace.write('web/app.txt', 'new\n');
    workspace.commit();
    v2 = snapshotOf(succeeded(await run({ 'deployment-tag': 'v2' })));
  });

  it('of a formation hands on what last succeeded at all of its destinations, as it is', async () => {
    for (const destination of ['main', 'second']) await pass(v1, destination);
    await pass(v2, 'main', 'failed');
    const result = succeeded(await promote('staging'));
    expect(snapshotOf(result)).toEqual(v1);
    expect(result.outputs).toMatchObject({ 'deployment-tag': 'v1', 'git-revision': v1.gitRevision });
    expect(JSON.parse(result.outputs['images'] ?? '')).toHaveProperty(
      'web',
      `${v1.images['web']?.name}@${v1.images['web']?.digest}`,
    );
    expect(result.summary).toContain('Nothing was built');
  });

  it('of a formation whose destinations disagree lists them', async () => {
    for (const destination of ['main', 'second']) await pass(v1, destination);
    await pass(v2, 'second');
    expectFailure(await promote('staging'), /different snapshots: main has "v1", second has "v2"/);
  });

  it('of a formation where nothing succeeded everywhere says where not', async () => {
    await pass(v1, 'main');
    expectFailure(await promote('staging'), /no snapshot has succeeded at "staging\/second" yet/);
  });

  it('of a deployment tag takes it if it succeeded at all destinations of a formation', async () => {
    await pass(v2, 'main');
    expectFailure(await promote('v2'), /"v2" has not succeeded at "staging\/second"/);
    await pass(v2, 'second');
    expect(snapshotOf(succeeded(await promote('v2')))).toEqual(v2);
  });

  it('into another registry copies images, snapshot and verdicts, and can be repeated', async () => {
    for (const destination of ['main', 'second']) await pass(v1, destination);
    const from = path;
    path = `${randomUUID()}/production`;
    const home = `${registry().address}/${path}`;
    const inputs = {
      promote: 'staging',
      registry: home,
      'promote-registry': `${registry().address}/${from}`,
    };
    for (const _time of [1, 2]) {
      const result = succeeded(await run(inputs, { BUILDKIT_HOST: '' }));
      const { images, ...rest } = snapshotOf(result);
      expect({ ...rest, registry: v1.registry }).toEqual({ ...v1, images: undefined });
      for (const service of SERVICES)
        expect(images[service]).toEqual({ ...v1.images[service], name: `${home}/${service}` });
      expect(await taggedServices('v1')).toEqual([...SERVICES, 'snapshots']);
    }
    // From there it goes on as from where it was built.
    const again = succeeded(await run({ promote: 'v1', registry: home }, { BUILDKIT_HOST: '' }));
    expect(snapshotOf(again).registry).toBe(home);
  });

  it('of a snapshot of another application is refused', async () => {
    await pushSnapshot(client(), { ...v1, application: 'blog', deploymentTag: 'v3' });
    expectFailure(await promote('v3'), /not one of "shop".*application "blog"/);
  });
});
