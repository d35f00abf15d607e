import type { Trace, Value } from '@slipway/cel';
import { isJsonObject, type JsonValue } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { AdmissionRequest } from './admission.ts';
import type { CompiledPolicy } from './compile-policy.ts';
import { type Params, traceValidation } from './evaluate-policy.ts';

/**
 * The field of the object that a denied validation is about, as an RFC 6901 pointer; empty if that cannot be determined. Evaluation
 * stops at what decides, so it is the last value of the object that was read.
 */
export function blamedPointer(
  policy: CompiledPolicy,
  request: AdmissionRequest,
  params: Params,
  validation: number,
): string {
  const trace = new LastAccess(request.object);
  traceValidation(policy, request, params, validation, trace);
  return trace.pointer;
}

class LastAccess implements Trace {
  pointer = '';
  readonly #pointers: ReadonlyMap<unknown, string>;

  constructor(object: KubernetesObject) {
    const pointers = new Map<unknown, string>();
    addPointers(object, '', pointers);
    this.#pointers = pointers;
  }

  access(container: Value, key: Value): void {
    const parent = this.#pointers.get(container);
    if (parent !== undefined && (typeof key === 'string' || typeof key === 'bigint'))
      this.pointer = `${parent}/${escapeStep(String(key))}`;
  }

  settle(value: Value): void {
    this.pointer = this.#pointers.get(value) ?? this.pointer;
  }
}

function addPointers(value: JsonValue, pointer: string, pointers: Map<unknown, string>): void {
  if (Array.isArray(value)) {
    pointers.set(value, pointer);
    value.forEach((item, index) => {
      addPointers(item as JsonValue, `${pointer}/${index}`, pointers);
    });
  } else if (isJsonObject(value)) {
    pointers.set(value, pointer);
    for (const key of Object.keys(value))
      addPointers(value[key] as JsonValue, `${pointer}/${escapeStep(key)}`, pointers);
  }
}

function escapeStep(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
