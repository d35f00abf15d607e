import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseSnapshot, parseVerdict, type Snapshot } from '@slipway/core';
import type { StepResult } from '@slipway/testbed/runner';
import type { Stage } from '../demo/stage.ts';
import { tellStory } from '../demo/story.ts';
import { SECRETS } from '../demo/workflows.ts';
import { digestOfTag, liveImage, liveObjects, stageForTests } from './support/stage.ts';

const MINUTES = 60_000;

let stage: Stage;
/** What the demo runs and prints; the tests look at what came of it. */
let first: readonly StepResult[];
let production: readonly StepResult[];
let broken: readonly StepResult[];
let undone: readonly StepResult[];
let committed: readonly StepResult[];
let printed = '';
let snapshot: Snapshot;

beforeAll(async () => {
  stage = await stageForTests();
  const story = await tellStory(stage, text => {
    printed += text;
  });
  ({ opening: first, promotion: production, broken, undone, committed } = story);
  snapshot = readSnapshot(first);
}, 15 * MINUTES);

afterAll(async () => {
  await stage?.testbed.stop();
});

function readSnapshot([build]: readonly StepResult[]): Snapshot {
  const path = build?.outputs['snapshot'] ?? '';
  return parseSnapshot(readFileSync(path, 'utf8'), path);
}

/** The step's result; its log goes into the failure if it did not succeed. */
function outcome(result: StepResult | undefined): string {
  return result?.exitCode === 0 ? 'succeeded' : (result?.log ?? 'did not run');
}

function nameAndDigest(service: string): string {
  const image = snapshot.images[service];
  return `${image?.name}@${image?.digest}`;
}

describe('a push to main', () => {
  it('goes through all five steps', () => {
    expect(first.map(outcome)).toEqual(Array(5).fill('succeeded'));
  });

  it('gives every image the one deployment tag, the retagged one too', async () => {
    const tag = first[0]?.outputs['deployment-tag'] ?? '';
    for (const service of ['api', 'web', 'cache'])
      expect(await digestOfTag(stage, `acme/shop/${service}`, tag)).toBe(snapshot.images[service]?.digest);
    expect(snapshot.images['cache']).toMatchObject({ origin: 'retagged', digest: stage.images.redis.digest });
  });

  it('leaves the snapshot and the verdict in the registry', async () => {
    expect(await digestOfTag(stage, 'acme/shop/snapshots', snapshot.deploymentTag)).toBeDefined();
    expect(
      await digestOfTag(stage, 'acme/shop/snapshots', `${snapshot.deploymentTag}.staging.main`),
    ).toBeDefined();
    expect(await digestOfTag(stage, 'acme/shop/snapshots', 'passed.staging.main')).toBeDefined();
  });

  it('finds nothing to complain about', () => {
    expect(first[2]?.outputs).toMatchObject({ verdict: 'passed', errors: '0', warnings: '0' });
  });

  it('runs the images of the snapshot, by digest', async () => {
    expect(await liveImage(stage, 'statefulset', 'cache', 'shop-staging')).toBe(nameAndDigest('cache'));
    expect(await liveImage(stage, 'deployment', 'web', 'shop-staging')).toBe(nameAndDigest('web'));
  });

  it('runs the migration to its end', async () => {
    const jobs = await liveObjects(stage, 'jobs', 'shop-eu');
    expect([...jobs.values()].map(({ status }) => status.succeeded)).toEqual([1]);
  });

  it('has the migration on the timeline, between the beginning and the end of deploy', () => {
    expect(production[5]?.summary).toMatch(
      /\n {2}section deploy\n {2}written in .*\n {2}section Job migrate\n {2}completed in .* :done, .*\n/,
    );
    const report = readFileSync(production[5]?.outputs['report'] ?? '', 'utf8');
    const told = (parseVerdict(report, 'verdict.json').timeline ?? []).map(({ text }) => text);
    expect(told[0]).toMatch(/^deploy began to write release 1$/);
    const [started, completed, written] = [
      /^Job shop-eu\/migrate\S*: started$/,
      /^Job shop-eu\/migrate\S*: completed$/,
      /^deploy had written every object$/,
    ].map(words => told.findIndex(text => words.test(text)));
    expect(started).toBeGreaterThan(-1);
    expect(completed).toBeGreaterThan(started ?? 0);
    expect(written).toBeGreaterThan(completed ?? 0);
  });

  it('opens the secret in the cluster only', async () => {
    const secrets = await liveObjects(stage, 'secrets', 'shop-staging');
    const urls = [...secrets.values()].flatMap(({ data }) =>
      data?.['url'] === undefined ? [] : [data['url']],
    );
    const url = `postgres://shop:${encodeURIComponent(SECRETS.STAGING_DATABASE_PASSWORD)}@db.staging.internal:5432/shop`;
    expect(urls.map(text => Buffer.from(text, 'base64').toString())).toContain(url);
  });

  it('leaves a record of the release that tells its end', async () => {
    const secrets = await liveObjects(stage, 'secrets', 'shop-staging');
    expect(secrets.get('slipway.shop.staging.1')?.type).toBe('slipway.dev/release');
    expect(first[3]?.outputs['release']).toBe('1');
    expect(first[4]?.outputs['verdict']).toBe('succeeded');
  });
});

describe('a promotion', () => {
  it('goes through both waves', () => {
    expect(production.map(outcome)).toEqual(Array(9).fill('succeeded'));
  });

  it('takes what passed in staging, without building', () => {
    expect(readSnapshot(production)).toEqual(snapshot);
  });

  it('runs the same digests in both destinations', async () => {
    for (const namespace of ['shop-eu', 'shop-us'])
      expect(await liveImage(stage, 'deployment', 'api', namespace)).toBe(nameAndDigest('api'));
  });

  it('finishes eu before it begins us', async () => {
    const [eu, us] = await Promise.all(
      ['shop-eu', 'shop-us'].map(async namespace => {
        const secrets = await liveObjects(stage, 'secrets', namespace);
        return secrets.get('slipway.shop.production.1')?.metadata.creationTimestamp ?? '';
      }),
    );
    const verified = parseVerdict(
      readFileSync(production[5]?.outputs['report'] ?? '', 'utf8'),
      'verdict.json',
    );
    expect(verified).toMatchObject({ destination: 'eu', verdict: 'succeeded' });
    expect(Date.parse(eu ?? '')).toBeLessThan(Date.parse(verified.finished));
    expect(Date.parse(us ?? '')).toBeGreaterThanOrEqual(
      Math.floor(Date.parse(verified.finished) / 1000) * 1000,
    );
  });

  it("patches what differs: the formation's replicas, the destination's ceiling, the region's currency", async () => {
    const web = await liveObjects(stage, 'deployments', 'shop-us');
    expect(web.get('web')?.spec.replicas).toBe(4);
    const [eu, us] = await Promise.all(
      ['shop-eu', 'shop-us'].map(namespace => liveObjects(stage, 'horizontalpodautoscalers', namespace)),
    );
    expect(eu?.get('api')?.spec).toMatchObject({ minReplicas: 3, maxReplicas: 12 });
    expect(us?.get('api')?.spec).toMatchObject({ minReplicas: 3, maxReplicas: 20 });
    const settings = await liveObjects(stage, 'configmaps', 'shop-us');
    expect([...settings.values()].map(({ data }) => data?.['CURRENCY'])).toContain('USD');
  });
});

describe('a version that cannot start', () => {
  const verify = (): StepResult | undefined => broken.at(-1);

  it('is built, checked and deployed', () => {
    expect(broken.slice(0, 4).map(outcome)).toEqual(Array(4).fill('succeeded'));
  });

  it('does not touch the service that did not change', () => {
    expect(readSnapshot(broken).images['web']?.digest).toBe(snapshot.images['web']?.digest);
    expect(readSnapshot(broken).images['api']?.digest).not.toBe(snapshot.images['api']?.digest);
  });

  it('fails the step, and says why', () => {
    expect(verify()?.exitCode).toBe(1);
    expect(verify()?.log).toContain('cannot start: no price list at /etc/shop/prices.json');
    expect(verify()?.summary).toContain('cannot start: no price list at /etc/shop/prices.json');
    expect(verify()?.raw).not.toMatch(/^\s+at .*\.js:\d+/m);
  });

  it('is rolled back to the release before, as a release of its own', async () => {
    expect(verify()?.outputs).toMatchObject({
      verdict: 'rolled-back',
      'rolled-back-to': expect.stringMatching(/1/),
    });
    const secrets = await liveObjects(stage, 'secrets', 'shop-staging');
    expect(secrets.has('slipway.shop.staging.3')).toBe(true);
  });

  it('is gone from the cluster: image, pod template and settings are those before', async () => {
    const deployments = await liveObjects(stage, 'deployments', 'shop-staging');
    const api = deployments.get('api');
    expect(api?.spec.template.spec.containers[0].image).toBe(nameAndDigest('api'));
    expect(JSON.stringify(api?.spec.template)).not.toContain('crash-loop');
    expect(api?.status).toMatchObject({ readyReplicas: 2, updatedReplicas: 2 });
    const used = api?.spec.template.spec.containers[0].envFrom[0].configMapRef.name;
    const settings = await liveObjects(stage, 'configmaps', 'shop-staging');
    expect(settings.get(used)?.data).not.toHaveProperty('PRICES_FILE');
  });

  it('does not move what can be promoted', async () => {
    const tag = broken[0]?.outputs['deployment-tag'] ?? '';
    const passed = await digestOfTag(stage, 'acme/shop/snapshots', 'passed.staging.main');
    expect(passed).toBe(await digestOfTag(stage, 'acme/shop/snapshots', snapshot.deploymentTag));
    expect(passed).not.toBe(await digestOfTag(stage, 'acme/shop/snapshots', tag));
  });
});

describe('a setting of production that goes in steps', () => {
  it('is taken back where it fails, before all users have it', () => {
    expect(undone.at(-1)?.exitCode).toBe(1);
    expect(undone.at(-1)?.outputs).toMatchObject({ verdict: 'rolled-back', release: '2' });
    expect(undone.at(-1)?.summary).toContain('exit code 137: out of memory');
  });

  it('reaches all users where it does not, and leaves nothing beside', async () => {
    expect(committed.map(outcome)).toEqual(Array(committed.length).fill('succeeded'));
    expect(committed.at(-1)?.outputs).toMatchObject({ verdict: 'succeeded', release: '3' });
    const deployments = await liveObjects(stage, 'deployments', 'shop-eu');
    expect([...deployments.keys()].sort()).toEqual(['api', 'web']);
    const used = deployments.get('api')?.spec.template.spec.containers[0].envFrom[0].configMapRef.name;
    const settings = await liveObjects(stage, 'configmaps', 'shop-eu');
    expect(settings.get(used)?.data).toMatchObject({ PAGE_SIZE: '60' });
    const services = await liveObjects(stage, 'services', 'shop-eu');
    expect(services.get('api')?.spec.selector).toEqual({ app: 'api' });
  });

  it('has the images that were promoted before', async () => {
    expect(await liveImage(stage, 'deployment', 'api', 'shop-eu')).toBe(nameAndDigest('api'));
  });

  it('does not begin in the next wave', async () => {
    const secrets = await liveObjects(stage, 'secrets', 'shop-us');
    expect(secrets.has('slipway.shop.production.2')).toBe(false);
  });
});

describe('the demo', () => {
  it('prints what came of each step, and why the broken version failed', () => {
    // Where a line breaks depends on the names of pods.
    const told = printed.replace(/\s+/g, ' ');
    for (const part of [
      snapshot.deploymentTag,
      'production/us: passed',
      'Rolled back to release 1',
      'cannot start: no price list',
    ])
      expect(told).toContain(part);
    expect(printed.split('\n').length).toBeLessThan(150);
  });
});

describe('no secret', () => {
  const secrets = (): string[] =>
    Object.values(SECRETS).flatMap(secret => [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ]);

  it('shows in a log, a summary or an output', () => {
    const shown = [...first, ...production, ...broken, ...undone, ...committed].map(
      ({ raw, summary, outputs }) => [raw, summary, outputs],
    );
    for (const secret of secrets()) expect(JSON.stringify([shown, printed])).not.toContain(secret);
  });
});
