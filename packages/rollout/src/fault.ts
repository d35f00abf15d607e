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
  const pointer = trouble?.culprit === undefined ? '' : culpritPointer(object, trouble.culprit);
  return { object: referenceTo({ apiVersion, kind, metadata }), pointer };
}

function culpritPointer(object: WatchedObject, { pod, container, field, imageVolume }: Culprit): string {
  const pointerTo = (list: string, name: string | undefined): string | undefined => {
    const index = objectsAt(pod, 'spec', list).findIndex(spec => textAt(spec, 'name') === name);
    return index < 0 ? undefined : formatPointer([...(podSpecPath(object) ?? TEMPLATE), list, index]);
  };
  if (imageVolume !== undefined) return `${pointerTo('volumes', imageVolume)}/image/reference`;
  const pointer = pointerTo('containers', container) ?? pointerTo('initContainers', container);
  return pointer === undefined ? '' : field === undefined ? pointer : `${pointer}/${field}`;
}
