import { type Formation, isJsonObject, type Problem, quote, textMap, valueAt } from '@slipway/core';
import type { YamlDocument } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import type { FormationFile } from '../repository/repository.ts';

type Patterns = NonNullable<NonNullable<Formation['spec']['stencils']>['include']>;

/**
 * The stencils of a formation: those that match `include` (all, without one), less those that match `exclude`. Patterns see
 * stencils as they are written, before any placeholder is filled.
 * @param stencils with the path below stencils/ that `name:` patterns match, without extension
 */
export function selectStencils(
  stencils: readonly YamlDocument[],
  { formation, document }: FormationFile,
  report: (problem: Problem<RenderErrorCode>) => void,
): readonly YamlDocument[] {
  const { include, exclude } = formation.spec.stencils ?? {};
  const matching = (field: 'include' | 'exclude', patterns: Patterns): Set<YamlDocument> => {
    const found = patterns.map(pattern => stencils.filter(stencil => matches(pattern, stencil)));
    found.forEach((matched, index) => {
      if (matched.length > 0) return;
      report({
        code: 'selection-unused',
        at: document.positionOf(['spec', 'stencils', field, index]),
        message: `the pattern ${quote(patterns[index] ?? '')} matches no stencil`,
        remedy: 'mend or remove it',
      });
    });
    return new Set(found.flat());
  };
  const included = include === undefined ? new Set(stencils) : matching('include', include);
  const excluded = exclude === undefined ? new Set() : matching('exclude', exclude);
  return stencils.filter(stencil => included.has(stencil) && !excluded.has(stencil));
}

function matches(pattern: string, stencil: YamlDocument): boolean {
  const colon = pattern.indexOf(':');
  const rest = pattern.slice(colon + 1);
  return pattern.startsWith('name:')
    ? glob(rest).test(stencilName(stencil.path))
    : matchesLabel(rest, stencil);
}

function matchesLabel(pattern: string, { value }: YamlDocument): boolean {
  const labels = isJsonObject(value) ? textMap(valueAt(value, ['metadata', 'labels'])) : {};
  const [key = '', expected] = pattern.split(/=(.*)/s);
  const actual = Object.hasOwn(labels, key) ? labels[key] : undefined;
  return actual !== undefined && (expected === undefined || glob(expected).test(actual));
}

/** `debug/pod` of `shop/stencils/debug/pod.yaml`. */
export function stencilName(path: string): string {
  return path.replace(/^(?:.*\/)?stencils\//, '').replace(/\.(?:ya?ml|json)$/, '');
}

/** `*` stands for any characters, in a name with folders as well. */
function glob(pattern: string): RegExp {
  const parts = pattern.split('*').map(part => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`);
}
