import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { ClusterClient } from '@slipway/cluster';
import { parseVerdict, type Verdict } from '@slipway/core';
import { startTestbed, type Testbed, type TestbedOptions } from '@slipway/testbed';
import { createJob, runStep, type StepOptions, type StepResult } from '@slipway/testbed/runner';
import { connect } from '@slipway/testkit/cluster';

const ACTION = resolve(import.meta.dirname, '..');

/** The bundle beside a testbed, with folders that go with it. */
export interface BundleOnTestbed {
  readonly testbed: Testbed;
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
  ): Promise<StepResult>;
  stop(): Promise<void>;
}

export async function bundleOnTestbed(options: TestbedOptions): Promise<BundleOnTestbed> {
  const testbed = await startTestbed(options);
  const kubeconfig = testbed.cluster?.kubeconfig ?? '';
  const client = await connect(kubeconfig);
  const scratch = mkdtempSync(join(tmpdir(), 'slipway-verify-'));
  const newFolder = () => mkdtempSync(join(scratch, 'folder-'));
  let namespaces = 0;
  const bundle: BundleOnTestbed = {
    testbed,
    client,
    kubeconfig,
    newFolder,
    async newNamespace() {
      namespaces += 1;
      const name = `shop-${namespaces}`;
      await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      return name;
    },
    verify(inputs, workspace = newFolder(), more = {}) {
      const job = createJob({ workspace, directory: newFolder(), path: process.env['PATH'] ?? '' });
      const preset = { 'stable-for': '2s', timeout: '20s', kubeconfig };
      return runStep(job, { action: ACTION, inputs: { ...preset, ...inputs }, ...more });
    },
    async verifyWhile(inputs, said, work) {
      let done: Promise<unknown> | undefined;
      const onLine = (line: string): void => {
        if (said.test(line)) done ??= work();
      };
      const step = await bundle.verify(inputs, undefined, { onLine });
      if (done === undefined) throw new Error(`the step did not say ${said}:\n${step.log}`);
      await done;
      return step;
    },
    async stop() {
      client.close();
      await testbed.stop();
      rmSync(scratch, { recursive: true, force: true });
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
