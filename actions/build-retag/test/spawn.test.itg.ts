import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Snapshot } from '@slipway/core';
import { readSnapshot } from '@slipway/registry';
import type { JobOptions, StepResult } from '@slipway/testbed/runner';
import { digestAt } from '@slipway/testkit/registry';
import { expectFailure, SECRET, SERVICES, setStage, snapshotOf, succeeded } from './stage.ts';

const stage = setStage();
const SPAWN = { spawn: 'event', cache: 'registry' };
const KEY = 'bmV3IGtleSBvZiB0aGUgcmVjb3JkcywgMzIgYnl0ZXM=';

let main: Snapshot;
let base: string;

const previews = () => `${stage.path}-preview`;
const registryOf = (path: string) => `${stage.registry.address}/${path}`;
const inPreviews = (name: string, tag: string) => digestAt(stage.registry, `${previews()}/${name}`, tag);

function writePreview(registry = registryOf(previews())): void {
  stage.workspace.write(
    'formations/preview.yaml',
    `apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: preview}
spec:
  extends: staging
  name-prefix: pr-\${spawn}-
  labels: {example.com/preview: "pr-\${spawn}"}
  spawn: {form: shared, expires: 48h, at-most: 8, hosts: [preview.acme.io], registry: "${registry}"}
  destinations: {dev: {namespace: previews}}
`,
  );
}

/** A sum over the registry's own files of the application: every tag, link and revision. */
function filesOfMain(): string {
  const { folder } = stage;
  const hash = createHash('sha256');
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    hash.update(path);
    if (path.endsWith('link')) hash.update(readFileSync(join(folder, path)));
  }
  return hash.digest('hex');
}

const pull = (head = 'acme/shop', eventName = 'pull_request'): Partial<JobOptions> => ({
  eventName,
  ref: 'refs/pull/1234/merge',
  event: {
    pull_request: {
      number: 1234,
      head: { repo: { full_name: head }, sha: base },
      base: { sha: base, ref: 'main' },
    },
  },
});

const build = (inputs: Record<string, string> = {}, event = pull()): Promise<StepResult> =>
  stage.run({ ...SPAWN, ...inputs }, {}, event);

/** What passed on the branch that pull requests are merged into, with its cache. */
beforeEach(async () => {
  writePreview();
  stage.workspace.commit();
  main = snapshotOf(succeeded(await stage.run({ 'deployment-tag': 'v1', cache: 'registry' })));
  for (const destination of ['main', 'second']) await stage.pass(main, destination);
  base = stage.workspace.commit();
});

function changeApi(): void {
  stage.workspace.write('api/app.txt', 'of the pull request\n');
  stage.workspace.commit();
}

describe('a build for the instance of a pull request', () => {
  it('builds what changed, takes the rest from what passed, and leaves the registry of the application as it was', async () => {
    const before = filesOfMain();
    changeApi();
    const result = succeeded(await build());
    const tag = result.outputs['deployment-tag'] ?? '';
    expect(tag).toMatch(/^pr-1234-\d{8}-\d{6}-[0-9a-f]{7}/);
    const snapshot = snapshotOf(result);
    expect(snapshot).toMatchObject({ spawn: '1234', registry: registryOf(previews()), deploymentTag: tag });
    expect(snapshot.images['web']).toMatchObject({
      name: `${registryOf(previews())}/web`,
      digest: main.images['web']?.digest,
    });
    expect(snapshot.images['api']?.digest).not.toBe(main.images['api']?.digest);
    expect(result.log).toContain('Not built: nothing changed since v1, which passed');
    for (const service of SERVICES)
      expect(await inPreviews(service, tag)).toBe(snapshot.images[service]?.digest);
    const home = { application: 'shop', registry: registryOf(previews()) };
    expect(await readSnapshot(stage.client, home, tag)).toEqual(snapshot);
    expect(filesOfMain()).toBe(before);
  });

  it('is joined of parts, in its own registry too', async () => {
    const before = filesOfMain();
    changeApi();
    for (const service of ['api', 'web']) succeeded(await build({ part: service, services: service }));
    const result = succeeded(await build({ mode: 'join', parts: 'api, web' }));
    const snapshot = snapshotOf(result);
    expect(snapshot).toMatchObject({ spawn: '1234', registry: registryOf(previews()) });
    expect(snapshot.images['web']?.digest).toBe(main.images['web']?.digest);
    expect(snapshot.images['api']?.digest).not.toBe(main.images['api']?.digest);
    for (const service of SERVICES)
      expect(await inPreviews(service, snapshot.deploymentTag)).toBe(snapshot.images[service]?.digest);
    expect(filesOfMain()).toBe(before);
  });

  it('reads the cache of the application, and writes none anywhere', async () => {
    const before = await Promise.all(SERVICES.map(service => stage.tagged(service, 'slipway-cache')));
    changeApi();
    const result = succeeded(await build());
    expect(result.log).toContain(`importing cache manifest from ${registryOf(stage.path)}/api:slipway-cache`);
    expect(await Promise.all(SERVICES.map(service => stage.tagged(service, 'slipway-cache')))).toEqual(
      before,
    );
    expect(before[0]).toMatch(/^sha256:/);
    for (const service of SERVICES) expect(await inPreviews(service, 'slipway-cache')).toBeUndefined();
  });

  it('is what later builds of the branch never take, however they are asked', async () => {
    changeApi();
    const { deploymentTag } = snapshotOf(succeeded(await build()));
    const from = { 'promote-registry': registryOf(previews()) };
    const asked = /was built for the instance with the key "1234", and only that one takes it/;
    expectFailure(await stage.run({ promote: deploymentTag, ...from }, { BUILDKIT_HOST: '' }), asked);
    const taken = { registry: registryOf(previews()), services: 'api', 'rest-from': deploymentTag };
    expectFailure(await stage.run(taken), asked);
  });

  it('takes the other services from a snapshot that is named', async () => {
    changeApi();
    const result = succeeded(await build({ services: 'api', 'rest-from': 'staging' }));
    const snapshot = snapshotOf(result);
    for (const service of ['web', 'cache'])
      expect(snapshot.images[service]).toMatchObject({
        name: `${registryOf(previews())}/${service}`,
        digest: main.images[service]?.digest,
      });
  });

  it('is only built where nothing may be pushed', async () => {
    const before = filesOfMain();
    const result = succeeded(await build({ push: 'never' }));
    expect(result.summary).toContain('Nothing was pushed');
    expect(result.outputs).toEqual({ 'git-revision': expect.any(String) });
    expect(filesOfMain()).toBe(before);
  });

  it('has a key and a registry of its own for a branch, and writes no cache there either', async () => {
    const before = filesOfMain();
    changeApi();
    const event = { eventName: 'push', ref: 'refs/heads/feature/A', event: {} };
    const snapshot = snapshotOf(succeeded(await build({}, event)));
    expect(snapshot.spawn).toMatch(/^feature-a-[0-9a-f]{5}$/);
    expect(snapshot.deploymentTag).toMatch(/^pr-feature-a-[0-9a-f]{5}-\d{8}-/);
    expect(filesOfMain()).toBe(before);
  });
});

describe('a build for an instance is refused', () => {
  const nothingLeft = async (before: string) => {
    expect(filesOfMain()).toBe(before);
    expect(await inPreviews('snapshots', 'v2')).toBeUndefined();
  };

  it.each<[string, () => Partial<JobOptions>, RegExp]>([
    ['for a fork', () => pull('stranger/shop'), /is from a fork, and no instance is made for one/],
    ['for a fork that is gone', () => pull(''), /is from a fork/],
    [
      'on pull_request_target',
      () => pull('acme/shop', 'pull_request_target'),
      /on the event "pull_request_target"/,
    ],
    ['on a comment', () => ({ eventName: 'issue_comment', event: {} }), /on the event "issue_comment"/],
  ])('%s, before a secret is read', async (_title, event, sentence) => {
    const before = filesOfMain();
    const result = await build({ 'build-secrets': 'token=@not-there' }, event());
    expectFailure(result, sentence);
    expect(result.raw).not.toContain(SECRET);
    await nothingLeft(before);
  });

  it('where the base commit has no block, whatever the pull request adds', async () => {
    const before = filesOfMain();
    stage.workspace.write('formations/other.yaml', readOther());
    stage.workspace.commit();
    expectFailure(
      await build({ formation: 'other' }),
      /the formation "other" has no spawn block in the base commit/,
    );
    await nothingLeft(before);
  });

  it('where both registries are one, which a pull request cannot bring about', async () => {
    const before = filesOfMain();
    const registry = registryOf(previews());
    expectFailure(await build({ registry }), /"preview-1234" would push to ".*-preview", which is where/);
    writePreview(`${registryOf(stage.path)}-stolen`);
    changeApi();
    expect(snapshotOf(succeeded(await build())).registry).toBe(registry);
    expect(filesOfMain()).toBe(before);
  });
});

describe('a promotion beside a spawned formation', () => {
  const promote = (inputs: Record<string, string> = {}) =>
    stage.run({ promote: 'staging', ...inputs }, { BUILDKIT_HOST: '' });

  it('needs a record-key, as jobs of pull requests can push what passed', async () => {
    stage.workspace.write(
      'formations/production.yaml',
      'apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: production}\nspec: {promoted-from: staging, destinations: {main: {namespace: live}}}\n',
    );
    expectFailure(
      await promote(),
      /the formation "production" is promoted from "staging" without a record-key, and the formation "preview" is spawned/,
    );
    // What passed was not signed: with a key that is what is said, and no more than that.
    expectFailure(await promote({ 'record-key': KEY }), /has no MAC|no verdict with a MAC of record-key/);
  });
});

function readOther(): string {
  return readFileSync(join(stage.workspace.path, 'formations/preview.yaml'), 'utf8')
    .replace('name: preview', 'name: other')
    .replace('name-prefix: pr-', 'name-prefix: other-');
}
