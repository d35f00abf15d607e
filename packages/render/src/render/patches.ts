import { nearest, type Path, type Problem, quote, valueAt } from '@slipway/core';
import type { YamlDocument, YamlNode } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import { type FormationFile, layersOf } from '../repository/repository.ts';
import {
  type Origin,
  positionOfOrigin,
  type Traced,
  type TracedMap,
  textAt,
  tracedAt,
  withEntries,
} from '../trace/traced.ts';
import { DIRECTIVE } from './added-values.ts';
import type { Draft } from './draft.ts';
import { applyJsonPatch } from './json-patch.ts';
import { mergeMaps } from './merge.ts';
import type { RulesFor } from './merge-rules.ts';

type Report = (problem: Problem<RenderErrorCode>) => void;

/** A patch as it is written, and the formation's file that contains it. */
export interface WrittenPatch {
  readonly document: YamlDocument;
  readonly node: YamlNode;
}

/**
 * The patches of the formations that a formation extends, then its own, then those of its destination. A destination that is only in
 * the file of the destinations has that file's.
 */
export function patchesOf(file: FormationFile, destination: string): readonly WrittenPatch[] {
  const at = (document: YamlDocument, path: Path): WrittenPatch[] =>
    itemsAt(document.root, path).map(node => ({ document, node }));
  return [
    ...layersOf(file).flatMap(({ document }) => at(document, ['spec', 'patches'])),
    ...at(documentWith(destination, file), ['spec', 'destinations', destination, 'patches']),
  ];
}

function documentWith(destination: string, { document, destinationsDocument }: FormationFile): YamlDocument {
  const isOwn = valueAt(document.value, ['spec', 'destinations', destination]) !== undefined;
  return isOwn ? document : (destinationsDocument ?? document);
}

function itemsAt(root: YamlNode, path: Path): readonly YamlNode[] {
  let node: YamlNode | undefined = root;
  for (const step of path) node = node?.kind === 'map' ? node.entries.get(String(step))?.value : undefined;
  return node?.kind === 'list' ? node.items : [];
}

/** The object that a patch is for, as the patch or its `target` describes it. */
interface Wanted {
  readonly kind: string | undefined;
  readonly name: string | undefined;
  readonly apiVersion: string | undefined;
  readonly namespace: string | undefined;
  readonly origin: Origin;
}

/** Applies patches in order, each to the one object that it names. */
export function applyPatches(
  drafts: readonly Draft[],
  patches: readonly Traced[],
  rulesFor: RulesFor,
  report: Report,
): Draft[] {
  const patched = [...drafts];
  // Without an index, a thousand patches of ten thousand objects would need ten million comparisons.
  const byName = Map.groupBy(patched.keys(), index => nameOf(patched[index]));
  for (const patch of patches) {
    if (patch.kind !== 'map') continue;
    const wanted = wantedBy(patch);
    const candidates = wanted.name === undefined ? [...patched.keys()] : (byName.get(wanted.name) ?? []);
    const [index, second] = candidates.filter(candidate => isWanted(patched[candidate], wanted));
    const target = index === undefined ? undefined : patched[index];
    if (index === undefined || target === undefined) report(unmatched(wanted, patched));
    else if (second !== undefined) report(ambiguous(wanted));
    else {
      const changed = { ...target, traced: patchedObject(target.traced, patch, rulesFor, report) };
      patched[index] = changed;
      // Operations may change the name too.
      const name = nameOf(changed);
      const same = byName.get(name) ?? [];
      if (!same.includes(index)) byName.set(name, [...same, index]);
    }
  }
  return patched;
}

function nameOf(draft: Draft | undefined): string {
  return (draft && textAt(draft.traced, 'metadata', 'name')) ?? '';
}

function wantedBy(patch: TracedMap): Wanted {
  const target = tracedAt(patch, 'target');
  const of = (...path: readonly string[]): string | undefined => textAt(patch, ...path);
  return target === undefined
    ? {
        kind: of('kind'),
        name: of('metadata', 'name'),
        apiVersion: of('apiVersion'),
        namespace: of('metadata', 'namespace'),
        origin: (tracedAt(patch, 'metadata', 'name') ?? patch).origin,
      }
    : {
        kind: of('target', 'kind'),
        name: of('target', 'name'),
        apiVersion: of('target', 'apiVersion'),
        namespace: of('target', 'namespace'),
        origin: target.origin,
      };
}

function isWanted(draft: Draft | undefined, { kind, name, apiVersion, namespace }: Wanted): boolean {
  const agrees = (wanted: string | undefined, ...path: readonly string[]): boolean =>
    wanted === undefined || (draft !== undefined && wanted === textAt(draft.traced, ...path));
  return (
    agrees(kind, 'kind') &&
    agrees(name, 'metadata', 'name') &&
    agrees(apiVersion, 'apiVersion') &&
    agrees(namespace, 'metadata', 'namespace')
  );
}

function patchedObject(object: TracedMap, patch: TracedMap, rulesFor: RulesFor, report: Report): TracedMap {
  const operations = tracedAt(patch, 'json6902');
  if (operations?.kind === 'list') return applyJsonPatch(object, operations.items, report);
  if (patch.entries.has(DIRECTIVE)) {
    report(wholeObject(patch));
    return object;
  }
  const rules = rulesFor(textAt(object, 'apiVersion') ?? '', textAt(object, 'kind') ?? '');
  return mergeMaps(object, withoutIdentity(patch), [], { ...rules, report });
}

function wholeObject(patch: TracedMap): Problem<RenderErrorCode> {
  return {
    code: 'patch-invalid',
    at: positionOfOrigin(patch.entries.get(DIRECTIVE)?.key ?? patch.origin),
    message: `${quote(DIRECTIVE)} is about fields and items of lists, and cannot delete or replace a whole object`,
    remedy:
      'leave the stencil out with "exclude" in the formation\'s stencils, or write $patch at the field that is meant',
  };
}

/** The patch without the fields that identify its object: it does not change them, so they keep the stencil's positions. */
function withoutIdentity(patch: TracedMap): TracedMap {
  const changes = new Map<string, undefined | NonNullable<ReturnType<TracedMap['entries']['get']>>>([
    ['apiVersion', undefined],
    ['kind', undefined],
  ]);
  const metadata = patch.entries.get('metadata');
  if (metadata?.value.kind === 'map') {
    const identity = new Map([
      ['name', undefined],
      ['namespace', undefined],
    ]);
    changes.set('metadata', { ...metadata, value: withEntries(metadata.value, identity) });
  }
  return withEntries(patch, changes);
}

function describe({ kind, name, apiVersion }: Omit<Wanted, 'origin' | 'namespace'>): string {
  return [apiVersion, kind, name].filter(part => part !== undefined).join(' ');
}

function unmatched(wanted: Wanted, drafts: readonly Draft[]): Problem<RenderErrorCode> {
  const candidate = nearest(
    describe(wanted),
    drafts.map(({ traced }) =>
      describe({
        kind: textAt(traced, 'kind'),
        name: textAt(traced, 'metadata', 'name'),
        apiVersion: wanted.apiVersion === undefined ? undefined : textAt(traced, 'apiVersion'),
      }),
    ),
  );
  return {
    code: 'patch-unmatched',
    at: positionOfOrigin(wanted.origin),
    message: `the formation has no ${quote(describe(wanted))} to patch`,
    remedy:
      candidate === undefined
        ? 'fix kind and name, or remove the patch'
        : `did you mean ${quote(candidate)}?`,
  };
}

function ambiguous(wanted: Wanted): Problem<RenderErrorCode> {
  return {
    code: 'patch-invalid',
    at: positionOfOrigin(wanted.origin),
    message: `the formation has several objects ${quote(describe(wanted))}`,
    remedy: 'add apiVersion and namespace to the patch',
  };
}
