import { canonicalJson, type Problem, parsePointer, quote } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import {
  type Origin,
  positionOfOrigin,
  type Traced,
  type TracedMap,
  textAt,
  tracedAt,
  tracedToJson,
  withEntries,
} from '../trace/traced.ts';

/** Why an operation cannot be applied, as a clause. */
class Impossible extends Error {}

/**
 * The object after the operations of an RFC 6902 patch; the parts that they add have positions in the patch, all others keep theirs.
 * An operation that cannot be applied is reported and skipped.
 */
export function applyJsonPatch(
  object: TracedMap,
  operations: readonly Traced[],
  report: (problem: Problem<RenderErrorCode>) => void,
): TracedMap {
  let current: Traced = object;
  for (const operation of operations) {
    try {
      current = applied(current, operation);
    } catch (error) {
      if (!(error instanceof Impossible)) throw error;
      report({
        code: 'patch-invalid',
        at: positionOfOrigin((tracedAt(operation, 'path') ?? operation).origin),
        message: error.message,
        remedy: 'fix the operation, or remove it',
      });
    }
  }
  return current.kind === 'map' ? current : object;
}

function applied(root: Traced, operation: Traced): Traced {
  const path = pathOf(operation, 'path');
  const value = tracedAt(operation, 'value');
  switch (textAt(operation, 'op')) {
    case 'add':
      return put(root, path, given(value), 'add', operation.origin);
    case 'replace':
      return put(root, path, given(value), 'replace', operation.origin);
    case 'remove':
      return removed(root, path);
    case 'copy':
      return put(root, path, found(root, pathOf(operation, 'from')), 'add', operation.origin);
    case 'move': {
      const from = pathOf(operation, 'from');
      return put(removed(root, from), path, found(root, from), 'add', operation.origin);
    }
    case 'test':
      if (canonicalJson(tracedToJson(found(root, path))) === canonicalJson(tracedToJson(given(value))))
        return root;
      throw new Impossible('the tested value is different');
    default:
      throw new Impossible('"op" must be add, remove, replace, move, copy or test');
  }
}

function pathOf(operation: Traced, field: 'path' | 'from'): string[] {
  const text = textAt(operation, field);
  if (text !== undefined && (text === '' || text.startsWith('/'))) return parsePointer(text);
  throw new Impossible(`${quote(field)} must be a pointer such as /spec/replicas`);
}

function given(value: Traced | undefined): Traced {
  if (value === undefined) throw new Impossible('the operation has no "value"');
  return value;
}

function found(root: Traced, path: readonly string[]): Traced {
  return path.reduce((current, step) => childOf(current, step, path), root);
}

function childOf(parent: Traced, step: string, path: readonly string[]): Traced {
  const child =
    parent.kind === 'map'
      ? parent.entries.get(step)?.value
      : parent.kind === 'list' && /^(?:0|[1-9]\d*)$/.test(step)
        ? parent.items[Number(step)]
        : undefined;
  if (child === undefined) throw new Impossible(`the object has nothing at ${quote(`/${path.join('/')}`)}`);
  return child;
}

/** Rebuilds the values along a path; `change` returns the new parent of the last step. */
function changedAt(
  root: Traced,
  path: readonly string[],
  change: (parent: Traced, step: string) => Traced,
): Traced {
  const [step, ...rest] = path;
  if (step === undefined) throw new Impossible('the object as a whole cannot be changed');
  if (rest.length === 0) return change(root, step);
  const child = changedAt(childOf(root, step, path), rest, change);
  if (root.kind === 'list') return { ...root, items: root.items.with(Number(step), child) };
  const entry = root.kind === 'map' ? root.entries.get(step) : undefined;
  if (root.kind !== 'map' || entry === undefined) return root;
  return withEntries(root, new Map([[step, { ...entry, value: child }]]));
}

function removed(root: Traced, path: readonly string[]): Traced {
  return changedAt(root, path, (parent, step) => {
    childOf(parent, step, path);
    if (parent.kind === 'list') return { ...parent, items: parent.items.toSpliced(Number(step), 1) };
    return parent.kind === 'map' ? withEntries(parent, new Map([[step, undefined]])) : parent;
  });
}

function put(
  root: Traced,
  path: readonly string[],
  value: Traced,
  mode: 'add' | 'replace',
  origin: Origin,
): Traced {
  return changedAt(root, path, (parent, step) => {
    if (mode === 'replace') childOf(parent, step, path);
    if (parent.kind === 'map') return withEntries(parent, new Map([[step, { key: origin, value }]]));
    if (parent.kind !== 'list')
      throw new Impossible(`the object has no list or map that contains ${quote(step)}`);
    const index =
      step === '-' ? parent.items.length : Number(/^(?:0|[1-9]\d*)$/.test(step) ? step : Number.NaN);
    if (!(index <= parent.items.length)) throw new Impossible(`the list has no index ${quote(step)}`);
    return { ...parent, items: parent.items.toSpliced(index, mode === 'replace' ? 1 : 0, value) };
  });
}
