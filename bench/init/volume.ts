import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Testbed } from '@slipway/testbed';

const run = promisify(execFile);

/** A volume for the first claim that is made: the testbed has no storage of its own, as a rented cluster has. */
export async function provideVolume(
  { kubectl, kubeconfig }: NonNullable<Testbed['cluster']>,
  directory: string,
): Promise<void> {
  const path = join(directory, 'volume');
  await mkdir(path);
  // No owner is known before the claim; storage of a cloud gives the folder to the pod's fsGroup.
  await chmod(path, 0o777);
  const file = join(directory, 'volume.json');
  await writeFile(file, JSON.stringify(volume(path)));
  await run(kubectl, ['--kubeconfig', kubeconfig, 'create', '--filename', file]);
}

function volume(path: string): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'first' },
    spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path } },
  };
}
