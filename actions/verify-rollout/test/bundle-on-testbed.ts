import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { parseVerdict, type Verdict } from '@slipway/core';
import type { TestbedOptions } from '@slipway/testbed';
import { type TestbedInUse, useTestbed } from '@slipway/testbed/jest';
import { createJob, runStep, type StepOptions, type StepResult } from '@slipway/testbed/runner';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';

const ACTION = resolve(import.meta.dirname, '..');

/** The bundle beside a testbed of the test file's own, with folders that go with it. */
export interface BundleOnTestbed {
  readonly testbed: TestbedInUse;
  readonly client: ClusterClient;
  readonly kubeconfig: string;
  /** A namespace of the test's own. */
  newNamespace(): Promise<string>;
  /** An empty folder. */
  newFolder(): string;
  /** Runs the bundle, by default in a workspace without a checkout. */
  verify(
    inputs: Readonly<Record<string, string>>,
    workspace?: string,
    more?: Pick<StepOptions, 'signal' | 'onLine' | 'postOf'>,
  ): Promise<StepResult>;
  /** The same, and does something once the step has said a line, so that it comes while the step is at work. */
  verifyWhile(
    inputs: Readonly<Record<string, string>>,
    said: RegExp,
    work: () => Promise<unknown>,
    workspace?: string,
  ): Promise<StepResult>;
}

export function useBundle(options: TestbedOptions): BundleOnTestbed {
  const testbed = useTestbed(options);
  const client = useClient(() => testbed.cluster.kubeconfig);
  let scratch = '';
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'slipway-verify-'));
  });
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));
  const newFolder = () => mkdtempSync(join(scratch, 'folder-'));
  let namespaces = 0;
  const bundle: BundleOnTestbed = {
    testbed,
    client,
    get kubeconfig() {
      return testbed.cluster.kubeconfig;
    },
    newFolder,
    async newNamespace() {
      namespaces += 1;
      return await createNamespace(client, `shop-${namespaces}`);
    },
    verify(inputs, workspace = newFolder(), more = {}) {
      const job = createJob({ workspace, directory: newFolder(), path: process.env['PATH'] ?? '' });
      const preset = { 'stable-for': '2s', timeout: '20s', kubeconfig: bundle.kubeconfig };
      return runStep(job, { action: ACTION, inputs: { ...preset, ...inputs }, ...more });
    },
    async verifyWhile(inputs, said, work, workspace) {
      let done: Promise<unknown> | undefined;
      const onLine = (line: string): void => {
        if (said.test(line)) done ??= work();
      };
      const step = await bundle.verify(inputs, workspace, { onLine });
      if (done === undefined) throw new Error(`the step did not say ${said}:\n${step.log}`);
      await done;
      return step;
    },
  };
  return bundle;
}

/** What verdict.json says. */
export function reportOf({ outputs, log }: StepResult): Verdict {
  const path = outputs['report'] ?? '';
  if (!isAbsolute(path)) throw new Error(log);
  return parseVerdict(readFileSync(path, 'utf8'), path);
}
