import {
  API_VERSION,
  type KubernetesObject,
  type Problems,
  type Rendered,
  renderedDigest,
} from '@slipway/core';
import { stringifyYaml } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import type { RenderedDestination } from '../manifests/rendered-destination.ts';
import { renderedObject } from '../manifests/rendered-object.ts';
import { commentsOf } from './comments.ts';
import type { Draft } from './draft.ts';
import { sealObject } from './seal.ts';
import { SourceMapBuilder } from './source-map.ts';
import { splicedText } from './spliced.ts';
import { tracedToJson } from './traced.ts';

/** What a rendered destination is of. */
export type Description = Pick<
  Rendered,
  'application' | 'formation' | 'destination' | 'namespace' | 'snapshot' | 'kubernetes' | 'configRevision'
>;

/**
 * Makes the result of finished drafts: seals their secrets, and takes places and digest.
 * @throws SlipwayError with what was found before and here
 */
export function assemble(
  found: readonly { readonly draft: Draft; readonly object: KubernetesObject }[],
  description: Description,
  problems: Problems<RenderErrorCode>,
): Omit<RenderedDestination, 'warnings'> {
  const counts = new Map<string, number>();
  const sealed = found.map(({ draft, object }) => {
    const { file } = draft;
    const document = counts.get(file) ?? 0;
    counts.set(file, document + 1);
    const { namespace } = description;
    const context = { object, file, document, namespace, report: problems.add.bind(problems) };
    return { file, document, ...sealObject(draft, context) };
  });
  problems.throwIfAny();
  const builder = new SourceMapBuilder();
  for (const { file, document, traced } of sealed) builder.addObject(file, document, traced);
  const sourceMap = builder.build();
  const objects = sealed.map(({ traced, ...place }, index) =>
    // `objectOf` held what identifies it to be an object's.
    renderedObject(tracedToJson(traced) as KubernetesObject, place, sourceMap, sourceMap.objects[index]),
  );
  const covered: Omit<Rendered, 'digest'> = {
    apiVersion: API_VERSION,
    kind: 'Rendered',
    ...description,
    files: [...counts.keys()],
    seals: sealed.flatMap(({ seals }) => seals),
  };
  const digest = renderedDigest(
    covered,
    objects.map(({ object }) => object),
  );
  const texts = sealed.map(
    ({ traced }, index) =>
      splicedText(traced) ?? stringifyYaml(objects[index]?.object ?? null, commentsOf(traced)),
  );
  const manifests = Map.groupBy(texts.keys(), index => sealed[index]?.file ?? '');
  return {
    rendered: { ...covered, digest },
    objects,
    sourceMap,
    manifests: new Map(
      [...manifests].map(([file, found]) => [file, found.map(index => texts[index]).join('---\n')]),
    ),
  };
}
