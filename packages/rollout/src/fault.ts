import { referenceTo } from '@slipway/core';
import type { Outcome } from './judge/judge.ts';
import type { Fault, WatchedObject } from './rollout.ts';
import { objectsAt, textAt } from './status/fields.ts';
import { kindKey } from './status/kinds.ts';
import type { Culprit } from './status/status.ts';

/** Where the pods of a kind are specified. */
const POD_SPECS: Readonly<Record<string, string>> = { '/Pod': '/spec' };
const TEMPLATE = '/spec/template/spec';

/** Where in its manifest the fault of an object lies: at the container that fails, if one does. */
export function faultOf({ object, trouble }: Outcome): Fault {
  const { apiVersion, kind, namespace, name } = object;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  const pointer = trouble?.culprit === undefined ? '' : containerPointer(object, trouble.culprit);
  return { object: referenceTo({ apiVersion, kind, metadata }), pointer };
}

function containerPointer(object: WatchedObject, { pod, container, field }: Culprit): string {
  if (container === undefined) return '';
  for (const list of ['containers', 'initContainers']) {
    const index = objectsAt(pod, 'spec', list).findIndex(spec => textAt(spec, 'name') === container);
    const pointer = `${POD_SPECS[kindKey(object)] ?? TEMPLATE}/${list}/${index}`;
    if (index >= 0) return field === undefined ? pointer : `${pointer}/${field}`;
  }
  return '';
}
