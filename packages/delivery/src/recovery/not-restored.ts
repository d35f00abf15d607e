import { valueAt } from '@slipway/core';
import { describeObject, type KubernetesObject } from '@slipway/kubernetes';
import type { ManifestObject } from '@slipway/render';

/** What a rendered tree cannot bring back, in sentences: what Jobs have done, and data. */
export function notRestored(objects: readonly Pick<ManifestObject, 'object' | 'reference'>[]): string[] {
  const jobs = objects.filter(({ object }) => object.kind === 'Job');
  const data = objects.filter(({ object }) => hasData(object));
  const named = (found: typeof objects): string =>
    found.map(({ reference }) => describeObject(reference)).join(', ');
  return [
    ...(jobs.length === 0
      ? []
      : [`what these Jobs have done is not restored; they run again: ${named(jobs)}`]),
    ...(data.length === 0 ? [] : [`the data of these is not restored; they begin empty: ${named(data)}`]),
  ];
}

function hasData(object: KubernetesObject): boolean {
  if (object.kind === 'PersistentVolumeClaim') return true;
  const claims = valueAt(object, ['spec', 'volumeClaimTemplates']);
  return object.kind === 'StatefulSet' && Array.isArray(claims) && claims.length > 0;
}
