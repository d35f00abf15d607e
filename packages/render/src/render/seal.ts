import { formatPointer, type Path, type Problem, quote, type Seal } from '@slipway/core';
import { isSecret, type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import type { RenderErrorCode } from '../error-codes.ts';
import type { Traced, TracedEntry, TracedMap, TracedScalar } from '../trace/traced.ts';
import type { Draft } from './draft.ts';

export interface SealContext {
  readonly object: KubernetesObject;
  readonly file: string;
  /** The index of the object in the file, from 0. */
  readonly document: number;
  /** The target's namespace. */
  readonly namespace: string;
  readonly report: (problem: Problem<RenderErrorCode>) => void;
}

export interface SealedDraft {
  readonly traced: TracedMap;
  readonly seals: readonly Seal[];
}

/**
 * Lists the secrets of an object, encodes what was filled in `data` of a Secret, and refuses secrets anywhere but in `data` or `stringData`
 * of a core v1 Secret in the target's namespace, since elsewhere they could be read.
 */
export function sealObject({ traced }: Draft, context: SealContext): SealedDraft {
  const { object } = context;
  if (!isSecret(object)) {
    refuseSecrets(traced, context);
    return { traced, seals: [] };
  }
  const mayHold = object.metadata['namespace'] === context.namespace;
  const seals: Seal[] = [];
  const entries = new Map<string, TracedEntry>();
  for (const [field, entry] of traced.entries) {
    const placement = field === 'data' || field === 'stringData' ? field : undefined;
    if (placement === undefined || entry.value.kind !== 'map') {
      refuseSecrets(entry.value, context);
      entries.set(field, entry);
    } else
      entries.set(field, {
        ...entry,
        value: sealMap(entry.value, placement, { ...context, mayHold, seals }),
      });
  }
  return { traced: { ...traced, entries }, seals };
}

interface SealMapContext extends SealContext {
  readonly mayHold: boolean;
  readonly seals: Seal[];
}

function sealMap(map: TracedMap, placement: Seal['placement'], context: SealMapContext): TracedMap {
  const entries = new Map<string, TracedEntry>();
  for (const [key, entry] of map.entries) {
    const { value } = entry;
    if (value.kind !== 'scalar' || !context.mayHold) refuseSecrets(value, context);
    else context.seals.push(...sealsOf(value, [placement, key], placement, context));
    entries.set(
      key,
      placement === 'data' && value.kind === 'scalar' ? { ...entry, value: encoded(value) } : entry,
    );
  }
  return { ...map, entries };
}

function sealsOf(
  scalar: TracedScalar,
  path: Path,
  placement: Seal['placement'],
  context: SealContext,
): Seal[] {
  const { object, file, document } = context;
  return (scalar.sealed ?? []).map(({ word, standIn }) => ({
    file,
    document,
    object: referenceTo(object),
    pointer: formatPointer(path),
    standIn,
    word,
    placement,
  }));
}

/** What a stencil has in `data` is already base64, unless a placeholder filled it. */
function encoded(scalar: TracedScalar): TracedScalar {
  if (scalar.isFilled !== true) return scalar;
  return { ...scalar, value: Buffer.from(String(scalar.value ?? ''), 'utf8').toString('base64') };
}

function refuseSecrets(value: Traced, context: SealContext): void {
  if (value.kind === 'list') for (const item of value.items) refuseSecrets(item, context);
  else if (value.kind === 'map') value.entries.forEach(entry => void refuseSecrets(entry.value, context));
  else
    for (const { word, span } of value.sealed ?? [])
      context.report({
        code: 'secret-misplaced',
        at: value.origin.document.positionOfSpan(span),
        message: `the secret ${quote(word)} is not in data or stringData of a v1 Secret in namespace ${quote(context.namespace)}`,
        remedy: 'put it into a Secret and refer to that Secret',
      });
}
