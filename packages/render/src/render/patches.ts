import { nearest, type Path, type Problem, quote } from '@slipway/core';
import type { YamlNode } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import { isBuiltIn } from '../kubernetes/built-in-kinds.ts';
import type { FormationFile } from '../repository/repository.ts';
import type { Draft } from './draft.ts';
import { mergeMaps } from './merge.ts';
import { placeOfOrigin, type Traced, type TracedMap, textAt, tracedAt, withEntries } from './traced.ts';

type Report = (problem: Problem<RenderErrorCode>) => void;

/** The patches of a formation, then those of its destination, as they are written. */
export function patchNodes({ document }: FormationFile, destination: string): readonly YamlNode[] {
  return [
    ...itemsAt(document.root, ['spec', 'patches']),
    ...itemsAt(document.root, ['spec', 'destinations', destination, 'patches']),
  ];
}

function itemsAt(root: YamlNode, path: Path): readonly YamlNode[] {
  let node: YamlNode | undefined = root;
  for (const step of path) node = node?.kind === 'map' ? node.entries.get(String(step))?.value : undefined;
  return node?.kind === 'list' ? node.items : [];
}

/** Merges patches, in order, each into the one object that it names. */
export function applyPatches(drafts: readonly Draft[], patches: readonly Traced[], report: Report): Draft[] {
  const patched = [...drafts];
  for (const patch of patches) {
    if (patch.kind !== 'map') continue;
    const matching = patched.filter(draft => isFor(patch, draft.traced));
    const [target, second] = matching;
    if (target === undefined) report(unmatched(patch, drafts));
    else if (second !== undefined) report(ambiguous(patch));
    else
      patched[patched.indexOf(target)] = { ...target, traced: patchedObject(target.traced, patch, report) };
  }
  return patched;
}

function isFor(patch: TracedMap, object: TracedMap): boolean {
  const agrees = (...path: readonly string[]): boolean => {
    const wanted = textAt(patch, ...path);
    return wanted === undefined || wanted === textAt(object, ...path);
  };
  return (
    agrees('kind') && agrees('metadata', 'name') && agrees('apiVersion') && agrees('metadata', 'namespace')
  );
}

function patchedObject(object: TracedMap, patch: TracedMap, report: Report): TracedMap {
  const kind = textAt(object, 'kind') ?? '';
  const isStrategic = isBuiltIn(textAt(object, 'apiVersion') ?? '');
  return mergeMaps(object, withoutIdentity(patch), [], { kind, isStrategic, report });
}

/** What a patch is found by is not what it changes; those lines stay the stencil's. */
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

function describe(traced: TracedMap, withVersion = false): string {
  const version = withVersion ? `${textAt(traced, 'apiVersion') ?? '?'} ` : '';
  return `${version}${textAt(traced, 'kind') ?? '?'} ${textAt(traced, 'metadata', 'name') ?? '?'}`;
}

function unmatched(patch: TracedMap, drafts: readonly Draft[]): Problem<RenderErrorCode> {
  const namesVersion = textAt(patch, 'apiVersion') !== undefined;
  const wanted = describe(patch, namesVersion);
  const candidate = nearest(
    wanted,
    drafts.map(({ traced }) => describe(traced, namesVersion)),
  );
  return {
    code: 'patch-unmatched',
    at: placeOfOrigin((tracedAt(patch, 'metadata', 'name') ?? patch).origin),
    message: `the formation has no ${quote(wanted)} to patch`,
    remedy:
      candidate === undefined
        ? 'mend kind and name, or remove the patch'
        : `did you mean ${quote(candidate)}?`,
  };
}

function ambiguous(patch: TracedMap): Problem<RenderErrorCode> {
  return {
    code: 'patch-invalid',
    at: placeOfOrigin(patch.origin),
    message: `the formation has several ${quote(describe(patch))}`,
    remedy: 'name apiVersion and metadata.namespace in the patch too',
  };
}
