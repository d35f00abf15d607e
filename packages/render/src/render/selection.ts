import { type Formation, type Problem, quote } from '@slipway/core';
import type { YamlDocument, YamlNode } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import { type FormationFile, layersOf } from '../repository/repository.ts';
import type { ForeignManifest } from '../sources/foreign-document.ts';

type Patterns = NonNullable<NonNullable<Formation['spec']['stencils']>['include']>;

/** A stencil, or a manifest of another tool, with its name in patterns. */
export interface Stencil {
  readonly name: string;
  readonly document: YamlDocument;
  readonly foreign?: ForeignManifest;
}

/** What patterns match: a document, or an item of a `List`. */
interface Candidate {
  readonly stencil: Stencil;
  readonly node: YamlNode;
}

/** A stencil that a formation selected, or the items of a `List` that it selected. */
export interface Selected extends Stencil {
  readonly nodes: readonly YamlNode[];
}

/**
 * The stencils of a formation: those that match `include` (all without one) except those that match `exclude`. With `extends` it selects
 * among the stencils of the other formation. Patterns match stencils as written, before any placeholder is filled.
 */
export function selectStencils(
  stencils: readonly Stencil[],
  file: FormationFile,
  report: (problem: Problem<RenderErrorCode>) => void,
): readonly Selected[] {
  let chosen: readonly Candidate[] = stencils.flatMap(stencil =>
    partsOf(stencil.document.root).map(node => ({ stencil, node })),
  );
  for (const layer of layersOf(file)) chosen = selectAmong(chosen, layer, report);
  return [...Map.groupBy(chosen, ({ stencil }) => stencil)].map(([stencil, candidates]) => ({
    ...stencil,
    nodes: candidates.map(({ node }) => node),
  }));
}

function selectAmong(
  candidates: readonly Candidate[],
  { formation, document }: FormationFile,
  report: (problem: Problem<RenderErrorCode>) => void,
): readonly Candidate[] {
  const { include, exclude } = formation.spec.stencils ?? {};
  const matching = (field: 'include' | 'exclude', patterns: Patterns): Set<Candidate> => {
    const found = patterns.map(pattern => candidates.filter(matcherOf(pattern)));
    found.forEach((matched, index) => {
      if (matched.length > 0) return;
      const withoutExtension = (patterns[index] ?? '').replace(/\.ya?ml$/, '');
      const isNamedByFile = candidates.some(matcherOf(withoutExtension));
      report({
        code: 'selection-unused',
        at: document.positionOf(['spec', 'stencils', field, index]),
        message: `the pattern ${quote(patterns[index] ?? '')} matches no stencil`,
        remedy: isNamedByFile
          ? `names of stencils have no extension: write ${quote(withoutExtension)}`
          : 'fix or remove it',
      });
    });
    return new Set(found.flat());
  };
  const included = include === undefined ? undefined : matching('include', include);
  const excluded = exclude === undefined ? undefined : matching('exclude', exclude);
  if (included === undefined && excluded === undefined) return candidates;
  return candidates.filter(
    candidate => included?.has(candidate) !== false && excluded?.has(candidate) !== true,
  );
}

/** The items of a `List`, as `kubectl get -o yaml` writes it, are separate objects, and may be lists themselves. */
function partsOf(root: YamlNode): readonly YamlNode[] {
  const kind = childOf(root, 'kind');
  const items = childOf(root, 'items');
  const isList = kind?.kind === 'scalar' && kind.text.endsWith('List') && items?.kind === 'list';
  return isList ? items.items.flatMap(partsOf) : [root];
}

function matcherOf(pattern: string): (candidate: Candidate) => boolean {
  const rest = pattern.slice(pattern.indexOf(':') + 1);
  if (pattern.startsWith('name:')) {
    const expected = glob(rest);
    return ({ stencil }) => expected.test(stencil.name);
  }
  const [key = '', value] = rest.split(/=(.*)/s);
  const expected = glob(value ?? '*');
  return ({ node }) => {
    const label = childOf(childOf(childOf(node, 'metadata'), 'labels'), key);
    return label?.kind === 'scalar' && typeof label.value === 'string' && expected.test(label.value);
  };
}

function childOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return node?.kind === 'map' ? node.entries.get(key)?.value : undefined;
}

/** `*` matches any characters, including the `/` of folders. */
function glob(pattern: string): RegExp {
  const parts = pattern.split('*').map(part => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`);
}
