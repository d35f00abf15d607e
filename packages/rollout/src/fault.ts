import { defined, formatPointer } from '@slipway/core';
import {
  containersIn,
  type Located,
  objectAt,
  podSpecPath,
  referenceTo,
  textAt,
  valuesAt,
} from '@slipway/kubernetes';
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
  const pointerTo = (named: readonly Located[], name: string | undefined): string | undefined => {
    const found = named.find(({ value }) => textAt(value, 'name') === name);
    return found && formatPointer([...(podSpecPath(object) ?? TEMPLATE), ...found.path]);
  };
  const spec = objectAt(pod, 'spec') ?? {};
  if (imageVolume !== undefined)
    return `${pointerTo(valuesAt(spec, ['volumes', '*']), imageVolume)}/image/reference`;
  const pointer = pointerTo(containersIn(spec), container);
  return pointer === undefined ? '' : field === undefined ? pointer : `${pointer}/${field}`;
}
