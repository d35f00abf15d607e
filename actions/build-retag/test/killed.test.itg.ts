import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { START_LIMIT, TEST_LIMIT } from '@slipway/testbed/jest';
import { createJob, runStep } from '@slipway/testbed/runner';
import {
  digestAt,
  type OtherRegistry,
  pushRandomImage,
  REGISTRY_KINDS,
  type RegistryProxy,
  startProxy,
  startRegistry,
} from '@slipway/testkit/registry';
import { snapshotOf, succeeded } from './stage.ts';

jest.setTimeout(TEST_LIMIT);

const ACTION = resolve(import.meta.dirname, '..');
const SERVICES = ['api', 'web', 'cache'];
/** Every so many requests a run is stopped: each one would take minutes, and the registry package does that. */
const STEP = 9;

describe.each(REGISTRY_KINDS)('a run on %s that is killed', kind => {
  let running: OtherRegistry;
  let proxy: RegistryProxy;
  let scratch: string;

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'slipway-killed-'));
    running = await startRegistry(kind, 'token');
    proxy = await startProxy(running.registry.address);
    for (const service of SERVICES)
      await pushRandomImage(running.registry, `source/${service}`, '1', [100, 200]);
    const { username, password } = running.registry;
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    writeFileSync(join(scratch, 'config.json'), JSON.stringify({ auths: { [proxy.address]: { auth } } }));
  }, START_LIMIT);

  afterAll(async () => {
    await proxy.close();
    await running.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  async function run(folder: string, signal?: AbortSignal) {
    const workspace = mkdtempSync(join(scratch, 'workspace-'));
    const services = SERVICES.map(name => `    ${name}: {image: "${proxy.address}/source/${name}:1"}\n`);
    writeFileSync(
      join(workspace, 'slipway.yaml'),
      `apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: shop}\nspec:\n  registry: ${proxy.address}/${folder}\n  services:\n${services.join('')}`,
    );
    const environment = { DOCKER_CONFIG: scratch };
    const job = createJob({ workspace, directory: scratch, path: '/usr/bin:/bin', environment });
    const inputs = { 'deployment-tag': 'v1' };
    return await runStep(job, { action: ACTION, inputs, ...(signal === undefined ? {} : { signal }) });
  }

  const tagged = async (folder: string) =>
    (await Promise.all(SERVICES.map(name => digestAt(running.registry, `${folder}/${name}`, 'v1')))).filter(
      digest => digest !== undefined,
    ).length;

  /** Cancels a run at its request of that number, after which the registry answers nothing more. */
  async function killAt(request: number, folder: string) {
    const stop = new AbortController();
    let left = request;
    proxy.faults.push(() => {
      left -= 1;
      if (left === 0) stop.abort();
      return left <= 0;
    });
    const result = await run(folder, stop.signal);
    proxy.faults.length = 0;
    return result;
  }

  it('says which images have the tag, unless none or all do, and run again it ends as if it had not been', async () => {
    const whole = snapshotOf(succeeded(await run('whole')));
    let kills = 0;
    for (let request = 1; ; request += STEP) {
      const folder = `killed-${request}`;
      const result = await killAt(request, folder);
      if (result.exitCode === 0) break;
      kills += 1;
      expect(result.log).toMatch(/the run was cancelled/);
      const count = await tagged(folder);
      if (count > 0 && count < SERVICES.length)
        expect(result.log).toMatch(/the tag "v1" exists (?:perhaps )?in /);
      const again = snapshotOf(succeeded(await run(folder)));
      const digests = (images: typeof whole.images) => Object.values(images).map(({ digest }) => digest);
      expect(digests(again.images)).toEqual(digests(whole.images));
      expect(await tagged(folder)).toBe(SERVICES.length);
    }
    expect(kills).toBeGreaterThan(5);
  });
});
