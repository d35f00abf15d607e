import { type JsonObject, valueAt } from '@slipway/core';
import { annotationsOf, booleanAt, type KubernetesObject, numberAt, textAt } from '@slipway/kubernetes';
import { oneLine } from '../../text.ts';
import { LONGEST_WORD } from '../conditions.ts';

/** Fields that stop an object, with the value that does. */
const SWITCHES: readonly (readonly [path: readonly string[], value: boolean])[] = [
  [['spec', 'pause'], true],
  [['spec', 'paused'], true],
  [['spec', 'suspend'], true],
  [['spec', 'suspended'], true],
  [['spec', 'stopped'], true],
  [['spec', 'shutdown'], true],
  [['spec', 'hibernate'], true],
  [['spec', 'cordoned'], true],
  [['spec', 'runPolicy', 'suspend'], true],
  [['spec', 'running'], false],
];

/** Fields that say the state in which an object is wanted. */
const WANTED_STATES: readonly (readonly string[])[] = [
  ['spec', 'state'],
  ['spec', 'desiredState'],
  ['spec', 'runStrategy'],
  ['spec', 'job', 'state'],
];

const STOPPED = /^(?:halted|hibernated|paused|stopped|suspended)$/i;

/** `cluster.x-k8s.io/paused`, `strimzi.io/pause-reconciliation`, `serving.kserve.io/stop` and their like. */
const STOPS =
  /^(?:[a-z-]+-)?(?:paused?|suspend(?:ed)?|stop(?:ped)?|hibernat(?:e|ed|ion))(?:-reconcil(?:e|ing|iation))?$/;

/** Values that switch it on: `true`, `on`, nothing at all, or since when. */
const ON = /^(?:|true|on|yes|1|\d{4}-\d\d-\d\d.*)$/i;

/** Annotations of which any value stops. */
const ALWAYS = /\/paused$/;

/** A field by which an object is stopped, and half a sentence that names it. */
export interface Pause {
  readonly path: readonly string[];
  readonly message: string;
}

/** By what an object is stopped on purpose; undefined where it is not. */
export function declaredPause(object: KubernetesObject): Pause | undefined {
  const path = SWITCHES.find(([field, value]) => booleanAt(object, ...field) === value)?.[0];
  if (path !== undefined)
    return { path, message: `it is paused: ${path.join('.')} is ${valueAt(object, path)}` };
  const wanted = WANTED_STATES.find(field => STOPPED.test(textAt(object, ...field) ?? ''));
  if (wanted !== undefined) {
    const state = oneLine(textAt(object, ...wanted) ?? '', LONGEST_WORD);
    return { path: wanted, message: `it is paused: ${wanted.join('.')} is ${state}` };
  }
  const [name] = Object.entries(annotationsOf(object)).find(([key, value]) => isStop(key, value)) ?? [];
  if (name === undefined) return undefined;
  const message = `it is paused by the annotation ${oneLine(name, LONGEST_WORD)}`;
  return { path: ['metadata', 'annotations', name], message };
}

function isStop(name: string, value: string): boolean {
  if (ALWAYS.test(name)) return !/^(?:false|off|no|0)$/i.test(value);
  return STOPS.test(name.replace(/^.*\//, '')) && ON.test(value);
}

/** The field by which an object is scaled to nothing. */
export function scaledToNothing(object: JsonObject): string | undefined {
  return ['replicas', 'instances'].find(field => numberAt(object, 'spec', field) === 0);
}
