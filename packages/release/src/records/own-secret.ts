import { defined, type JsonValue } from '@slipway/core';
import { APPLICATION, FORMATION, type KubernetesObject } from '@slipway/kubernetes';
import type { RecordOwner } from './records.ts';

/** What a Secret of a formation's own has besides its owner. */
interface OwnSecret {
  readonly name: string;
  readonly type: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly immutable?: true;
  readonly data: JsonValue;
}

/** A Secret in which a formation keeps something about its releases; its labels find it again. */
export function ownSecret(
  { application, formation, namespace }: RecordOwner,
  { name, type, labels, annotations, immutable, data }: OwnSecret,
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace,
      labels: { [APPLICATION]: application, [FORMATION]: formation, ...labels },
      ...defined({ annotations }),
    },
    type,
    ...defined({ immutable }),
    data,
  };
}
