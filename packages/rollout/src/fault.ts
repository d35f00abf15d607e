import { defined, formatPointer } from '@slipway/core';
import { objectsAt, podSpecPath, referenceTo, textAt } from '@slipway/kubernetes';
import type { Outcome } from './judge/judge.ts';
import type { Fault, WatchedObject } from './rollout.ts';
import type { Culprit } from './status/status.ts';

/** Where kinds whose pods are not known to be elsewhere describe them. */
const TEMPLATE = ['spec', 'template', 'spec'];

/** The field of an object's manifest that is at fault: of the container that fails, if one does. */
export function faultOf({ object, trouble }: Outcome): Fault {
  const { apiVersion, kind, namespace, name } = object;
  const metadata = { name, ...defined({ namespace }) };
  const pointer = trouble?.culprit === undefined ? '' : containerPointer(object, trouble.culprit);
  return { object: referenceTo({ apiVersion, kind, metadata }), pointer };
}

function containerPointer(object: WatchedObject, { pod, container, field }: Culprit): string {
  if (container === undefined) return '';
  for (const list of ['containers', 'initContainers']) {
    const index = objectsAt(pod, 'spec', list).findIndex(spec => textAt(spec, 'name') === container);
    const pointer = formatPointer([...(podSpecPath(object) ?? TEMPLATE), list, index]);
    if (index >= 0) return field === undefined ? pointer : `${pointer}/${field}`;
  }
  return '';
}
