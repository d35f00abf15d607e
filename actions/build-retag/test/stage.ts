import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, jest } from '@jest/globals';
import { parseSnapshot, type Snapshot, type Verdict } from '@slipway/core';
import { pushVerdict, type RegistryClient } from '@slipway/registry';
import {
  type BaseImages,
  pushBaseImages,
  type RunningRegistry,
  startTestbed,
  type Testbed,
} from '@slipway/testbed';
import { START_LIMIT, TEST_LIMIT } from '@slipway/testbed/jest';
import { createJob, type JobOptions, runStep, type StepResult } from '@slipway/testbed/runner';
import { clientFor, digestAt } from '@slipway/testkit/registry';
import { createWorkspace, type Workspace } from './workspace.ts';

const ACTION = resolve(import.meta.dirname, '..');
export const SECRET = 'a-token-that-no-one-may-see';
export const SERVICES = ['api', 'cache', 'web'];

/** A registry, a builder, and for each test a checkout and a path in the registry of its own. */
export interface Stage {
  readonly images: BaseImages;
  readonly workspace: Workspace;
  readonly scratch: string;
  readonly registry: RunningRegistry;
  readonly client: RegistryClient;
  /** Folders with builders, for PATH. */
  readonly programs: string;
  readonly buildkitAddress: string;
  /** The folder of the action. */
  readonly action: string;
  /** The path of the images in the registry; a test may continue in another one. */
  path: string;
  /** Runs the bundle as a runner does. */
  run(
    inputs?: Record<string, string>,
    environment?: Record<string, string>,
    event?: Partial<JobOptions>,
  ): Promise<StepResult>;
  /** What a tag of a service names, if it exists. */
  tagged(service: string, tag: string): Promise<string | undefined>;
  /** All tags of a service. */
  tagsOf(service: string): string[];
  /** The services that have a tag, and `snapshots` where the snapshot has it. */
  taggedServices(tag: string): Promise<string[]>;
  /** The folder in which the registry keeps this test's application. */
  readonly folder: string;
  /** What the registry holds of this test's application, by the folders that it stores it in. */
  stored(): string[];
  /** Notes what became of a snapshot in staging, as verify-rollout does. */
  pass(snapshot: Snapshot, destination: string, verdict?: Verdict['verdict']): Promise<void>;
}

/** Sets the stage for the tests of a file, of which one may run several builds. */
export function setStage(): Stage {
  jest.setTimeout(TEST_LIMIT);
  let testbed: Testbed;
  let scratch: string;
  let images: BaseImages;
  let workspace: Workspace;

  const repositories = () =>
    join(testbed.directory, 'registry/data/docker/registry/v2/repositories', stage.path);
  const stage: Stage = {
    get images() {
      return images;
    },
    get workspace() {
      return workspace;
    },
    get scratch() {
      return scratch;
    },
    get registry() {
      return testbed.registry ?? { address: '' };
    },
    get client() {
      return clientFor(stage.registry, [stage.registry.address]);
    },
    get programs() {
      return `${dirname(testbed.buildkit?.buildctl ?? '')}:/usr/bin:/bin:/usr/sbin:/sbin`;
    },
    action: ACTION,
    get buildkitAddress() {
      return testbed.buildkit?.address ?? '';
    },
    path: '',
    async run(inputs = {}, environment = {}, event = {}) {
      const job = createJob({
        ...event,
        workspace: workspace.path,
        directory: scratch,
        path: event.path ?? stage.programs,
        environment: {
          BUILDKIT_HOST: testbed.buildkit?.address ?? '',
          DOCKER_CONFIG: stage.registry.dockerConfig ?? '',
          ...environment,
        },
      });
      const secrets = inputs['promote'] === undefined ? { 'build-secrets': `token=${SECRET}` } : {};
      return await runStep(job, { action: ACTION, inputs: { ...secrets, ...inputs } });
    },
    tagged: (service, tag) => digestAt(stage.registry, `${stage.path}/${service}`, tag),
    async taggedServices(tag) {
      const found = await Promise.all(
        [...SERVICES, 'snapshots'].map(async name => ((await stage.tagged(name, tag)) ? [name] : [])),
      );
      return found.flat();
    },
    get folder() {
      return repositories();
    },
    stored() {
      const folder = repositories();
      return existsSync(folder) ? readdirSync(folder) : [];
    },
    tagsOf(service) {
      const folder = join(repositories(), service, '_manifests/tags');
      return existsSync(folder) ? readdirSync(folder).sort() : [];
    },
    pass: (snapshot, destination, verdict = 'succeeded') =>
      pushVerdict(stage.client, snapshot, {
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
      }),
  };

  beforeAll(async () => {
    testbed = await startTestbed({ parts: ['registry', 'buildkit'], registryAuth: 'token' });
    images = await pushBaseImages(stage.registry);
    scratch = mkdtempSync(join(tmpdir(), 'slipway-build-retag-'));
  }, START_LIMIT);

  beforeEach(() => {
    stage.path = `${randomUUID()}/shop`;
    const { base, redis } = images;
    workspace = createWorkspace(scratch, `${stage.registry.address}/${stage.path}`, {
      base: base.name,
      redis: redis.name,
    });
  });

  afterAll(async () => {
    await testbed.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  return stage;
}

export function snapshotOf(result: StepResult): Snapshot {
  const file = result.outputs['snapshot'] ?? '';
  return parseSnapshot(readFileSync(file, 'utf8'), file);
}

/** Fails with the log of the step when it did not succeed. */
export function succeeded(result: StepResult): StepResult {
  if (result.exitCode !== 0) throw new Error(result.log);
  return result;
}

export function expectFailure(result: StepResult, sentence: RegExp): void {
  expect(result.exitCode).toBe(1);
  expect(result.annotations.map(({ message }) => message).join('\n')).toMatch(sentence);
  expect(result.log).not.toMatch(/^ {4}at /m);
}
