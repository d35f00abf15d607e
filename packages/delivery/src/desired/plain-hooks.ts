import { formatPointer, formatProblem, type Logger, quote, textMap } from '@slipway/core';
import { describeObject, HELM_HOOK, hookMoment, ORDER } from '@slipway/kubernetes';
import type { ManifestObject } from '@slipway/render';

/**
 * Plain manifests with Helm's hooks as render-stencil has those of a chart: what `helm template` writes contains all of them, and
 * applied as they are, the one that cleans up before a deletion would run at once. Those before and after an upgrade get their stage.
 */
export function withoutHooks(
  manifests: readonly ManifestObject[],
  logger: Pick<Logger, 'warning'>,
): readonly ManifestObject[] {
  return manifests.flatMap(manifest => {
    const hook = annotationsOf(manifest)[HELM_HOOK];
    const moment = hook === undefined ? undefined : hookMoment(hook);
    if (hook === undefined || moment === undefined) return [manifest];
    if (moment === 'before') return [withOrder(manifest, '-1')];
    if (moment === 'after') return [withOrder(manifest, '1')];
    if (moment === 'never') logger.warning(formatProblem(notRun(manifest, hook)));
    return [];
  });
}

function notRun(manifest: ManifestObject, hook: string) {
  return {
    code: 'source-hook-dropped',
    at: manifest.positionAt(formatPointer(['metadata', 'annotations', HELM_HOOK])),
    message: `${describeObject(manifest.reference)} is a hook of Helm for ${quote(hook)}, and is left out, since a deploy has no such moment`,
    remedy: `remove the annotation ${HELM_HOOK} if it belongs to the release`,
  };
}

function withOrder(manifest: ManifestObject, order: string): ManifestObject {
  const annotations = annotationsOf(manifest);
  if (annotations[ORDER] !== undefined) return manifest;
  const { object, reference, file, document } = manifest;
  const metadata = { ...object.metadata, annotations: { ...annotations, [ORDER]: order } };
  return {
    ...{ reference, file, document, object: { ...object, metadata } },
    positionAt: pointer => manifest.positionAt(pointer),
    relatedTo: pointer => manifest.relatedTo(pointer),
  };
}

function annotationsOf({ object }: ManifestObject): Readonly<Record<string, string>> {
  return textMap(object.metadata['annotations'] ?? null);
}
