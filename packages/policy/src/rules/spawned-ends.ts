import { type Finding, formatPointer, quote, type SpawnBlock } from '@slipway/core';
import { describeObject, kindKey, objectKey, referenceTo, valuesAt } from '@slipway/kubernetes';
import { findingOfProblem } from '../findings.ts';
import type { SpawnedManifest } from './spawned-objects.ts';

/** The object itself, and the templates of what controllers make of it. */
const MADE: readonly (readonly string[])[] = [
  [],
  ['spec', 'template'],
  ['spec', 'jobTemplate'],
  ['spec', 'jobTemplate', 'spec', 'template'],
  ['spec', 'volumeClaimTemplates', '*'],
];

/** The API server writes it onto each claim, and Kubernetes removes it again. */
const OF_CLAIMS = 'kubernetes.io/pvc-protection';

/** How long pods may take to end, in seconds; examples/roles/spawner.yaml has the same. */
const LONGEST_END = 600;

/** What would keep an instance that is to be removed, and the room that it takes. */
export function keepingFindings(
  manifest: SpawnedManifest,
  { form }: Partial<Pick<SpawnBlock, 'form'>>,
): Finding[] {
  return [...finalizers(manifest), ...(form === 'create' ? longEnds(manifest) : [])];
}

function finalizers(manifest: SpawnedManifest): Finding[] {
  const { object } = manifest;
  const rule = 'spawned/finalizer';
  const reference = referenceTo(object);
  return MADE.flatMap(made =>
    valuesAt(object, [...made, 'metadata', 'finalizers', '*'])
      .filter(({ value }) => !(kindKey(object) === 'PersistentVolumeClaim' && value === OF_CLAIMS))
      .map(({ value, path }) =>
        findingOfProblem(
          {
            code: rule,
            message: `${describeObject(reference)} has the finalizer ${quote(String(value))}, which keeps the instance until someone removes it`,
            remedy: 'remove it in the spawned formation',
            at: manifest.positionAt(formatPointer(path)),
          },
          rule,
          'error',
          [objectKey(reference), String(value)],
        ),
      ),
  );
}

function longEnds(manifest: SpawnedManifest): Finding[] {
  const { object } = manifest;
  const rule = 'spawned/long-end';
  const reference = referenceTo(object);
  return MADE.flatMap(made =>
    valuesAt(object, [...made, 'spec', 'terminationGracePeriodSeconds'])
      .filter(({ value }) => typeof value === 'number' && value > LONGEST_END)
      .map(({ value, path }) =>
        findingOfProblem(
          {
            code: rule,
            message: `pods of ${describeObject(reference)} may take ${String(value)} seconds to end, and those of an instance have ${LONGEST_END} at most`,
            remedy: 'lower terminationGracePeriodSeconds in the spawned formation',
            at: manifest.positionAt(formatPointer(path)),
          },
          rule,
          'error',
          [objectKey(reference)],
        ),
      ),
  );
}
