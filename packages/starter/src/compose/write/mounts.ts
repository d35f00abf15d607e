import type { JsonObject } from '@slipway/core';
import { type ComposeWorkload, reference } from './compose-workload.ts';
import { escapedForSlipway } from './kubernetes-text.ts';

interface Mounts {
  readonly volumes: readonly JsonObject[];
  readonly mounts: readonly JsonObject[];
}

/** Claims, folders in memory, and secrets as files. */
export function mountsOf({ service, image }: ComposeWorkload): Mounts {
  const claimed = service.volumes.filter(({ claim }) => claim !== undefined);
  const taken = new Set(claimed.map(({ path }) => path));
  const inMemory = [
    ...service.volumes.filter(({ claim }) => claim === undefined).map(({ path }) => path),
    ...image.writes,
  ];
  const folders = [...new Set(inMemory)].filter(path => !taken.has(path));
  const files = service.secretFiles;
  return {
    volumes: [
      ...[...new Set(claimed.map(({ claim = '' }) => claim))].map(claim => ({
        name: claim,
        persistentVolumeClaim: { claimName: claim },
      })),
      ...folders.map((_, at) => ({ name: `scratch-${at + 1}`, emptyDir: { sizeLimit: '256Mi' } })),
      ...(files.length === 0
        ? []
        : [{ name: 'secret-files', secret: { secretName: reference(service.name, '').name } }]),
    ],
    mounts: [
      ...claimed.map(({ claim = '', path, isReadOnly }) => ({
        name: claim,
        mountPath: escapedForSlipway(path),
        ...(isReadOnly ? { readOnly: true } : {}),
      })),
      ...folders.map((path, at) => ({ name: `scratch-${at + 1}`, mountPath: escapedForSlipway(path) })),
      ...files.map(({ path, secret }) => ({
        name: 'secret-files',
        mountPath: escapedForSlipway(path),
        subPath: reference('', secret.variable).key,
        readOnly: true,
      })),
    ],
  };
}
