/**
 * Plans changes of many kinds whose objects were written by others before, deploys them on the testbed's API server, and compares what
 * was planned with what happened: `node --conditions=slipway-source packages/release/tools/plan-matrix.ts`
 */
import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startTestbed } from '@slipway/testbed';
import { connect } from '@slipway/testkit/cluster';
import { type Kubectl, planAndDo } from '../test/support/plan-matrix.ts';

const { cluster, stop } = await startTestbed({ parts: ['cluster'] });
const { kubectl = '', kubeconfig = '' } = cluster ?? {};
const folder = await mkdtemp(join(tmpdir(), 'plan-matrix-'));
const client = await connect(kubeconfig);

const write: Kubectl = async (namespace, verb, objects) => {
  const file = join(folder, `${namespace}.json`);
  await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  const env = { KUBECONFIG: kubeconfig, KUBECACHEDIR: folder };
  await promisify(execFile)(kubectl, [...verb, '-n', namespace, '-f', file], { env });
};

try {
  const { differences, ...figures } = await planAndDo(client, write, 'matrix');
  for (const difference of differences) console.log(difference);
  console.log(JSON.stringify({ ...figures, differences: differences.length }));
  process.exitCode = differences.length === 0 ? 0 : 1;
} finally {
  client.close();
  await stop();
}
