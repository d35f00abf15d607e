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
  readonly #places: ReadonlyMap<unknown, string>;

  constructor(object: KubernetesObject) {
    const places = new Map<unknown, string>();
    addPlaces(object, '', places);
    this.#places = places;
  }

  access(container: Value, key: Value): void {
    const place = this.#places.get(container);
    if (place !== undefined && (typeof key === 'string' || typeof key === 'bigint'))
      this.pointer = `${place}/${escapeStep(String(key))}`;
  }

  settle(value: Value): void {
    this.pointer = this.#places.get(value) ?? this.pointer;
  }
}

function addPlaces(value: JsonValue, pointer: string, places: Map<unknown, string>): void {
  if (Array.isArray(value)) {
    places.set(value, pointer);
    value.forEach((item, index) => {
      addPlaces(item as JsonValue, `${pointer}/${index}`, places);
    });
  } else if (isJsonObject(value)) {
    places.set(value, pointer);
    for (const key of Object.keys(value))
      addPlaces(value[key] as JsonValue, `${pointer}/${escapeStep(key)}`, places);
  }
}

function escapeStep(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
