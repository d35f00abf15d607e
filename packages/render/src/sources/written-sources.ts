import type { HelmSource, KustomizeSource, ManifestSources, Path, PlainSource, Problem } from '@slipway/core';
import { quote } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import { type FormationFile, layersOf } from '../repository/repository.ts';

type Report = (problem: Problem<RenderErrorCode>) => void;

/** A source as one formation's file defines it. */
export interface SourceLayer<Written> {
  readonly file: FormationFile;
  /** The path of the source in the file. */
  readonly path: Path;
  readonly written: Written;
}

/** A source of a formation: the layers of the formations that it extends first, its own last. */
export type FormationSource =
  | { readonly name: string; readonly tool: 'helm'; readonly layers: readonly SourceLayer<HelmSource>[] }
  | {
      readonly name: string;
      readonly tool: 'kustomize';
      readonly layers: readonly SourceLayer<KustomizeSource>[];
    }
  | {
      readonly name: string;
      readonly tool: 'manifests';
      readonly layers: readonly SourceLayer<PlainSource>[];
    };

type Tool = FormationSource['tool'];

/** The sources of a formation, in the order in which they are first named. */
export function sourcesOf(file: FormationFile, report: Report): FormationSource[] {
  const sources = new Map<string, { tool: Tool; layers: SourceLayer<never>[] }>();
  for (const layer of layersOf(file))
    for (const [name, written] of Object.entries(layer.formation.spec.sources ?? {})) {
      const tool = toolOf(written);
      const path = ['spec', 'sources', name, tool];
      const source = sources.get(name);
      const found = { file: layer, path, written: written[tool] as never };
      if (source === undefined) sources.set(name, { tool, layers: [found] });
      else if (source.tool === tool) source.layers.push(found);
      else
        report({
          code: 'source-invalid',
          at: layer.document.keyPositionOf(path),
          message: `the source ${quote(name)} is a ${source.tool} source in the extended formation`,
          remedy: 'rename one of them',
        });
    }
  return [...sources].map(([name, source]) => ({ name, ...source }) as FormationSource);
}

function toolOf({ helm, kustomize }: ManifestSources[string]): Tool {
  if (helm !== undefined) return 'helm';
  return kustomize === undefined ? 'manifests' : 'kustomize';
}

/** The last layer that has a field, with the path of the field. */
export function nearestField<Written, Field extends keyof Written & string>(
  layers: readonly SourceLayer<Written>[],
  field: Field,
): { value: NonNullable<Written[Field]>; layer: SourceLayer<Written>; path: Path } | undefined {
  const layer = layers.findLast(({ written }) => written[field] !== undefined);
  if (layer === undefined) return undefined;
  const value = layer.written[field] as NonNullable<Written[Field]>;
  return { value, layer, path: [...layer.path, field] };
}
