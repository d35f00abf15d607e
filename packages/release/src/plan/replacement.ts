import { SlipwayError, textMap } from '@slipway/core';
import { type KubernetesObject, PRUNE, REPLACE } from '@slipway/kubernetes';
import { isProtected } from '../records/leaving.ts';

/**
 * Whether the API server refuses a change because the field is immutable, recognised by its messages:
 * https://github.com/kubernetes/apimachinery/blob/v0.36.0/pkg/api/validation/objectmeta.go, FieldImmutableErrorMsg
 */
export function isImmutable(error: unknown): error is SlipwayError {
  return (
    isInvalid(error) &&
    /field is immutable|: Forbidden: (?:(?:pod )?updates (?:to|may not)|may not be (?:changed|updated)|spec is immutable)|may not change once set|cannot change roleRef/.test(
      error.message,
    )
  );
}

/** Whether the API server refuses what the object would become, and not a policy or webhook. */
export function isInvalid(error: unknown): error is SlipwayError {
  return (
    error instanceof SlipwayError &&
    error.code === 'cluster-refused' &&
    / is invalid: /.test(error.message) &&
    !/denied (?:the )?request/.test(error.message)
  );
}

/** Whether the manifest lets the object be deleted and created again; kinds that would lose data need a second annotation. */
export function mayReplace(object: KubernetesObject): boolean {
  const annotations = textMap(object.metadata['annotations'] ?? null);
  return annotations[REPLACE] === 'allow' && (!isProtected(object) || annotations[PRUNE] === 'allow');
}

export function replacementNotAllowed(error: SlipwayError, object: KubernetesObject): SlipwayError {
  const { code, message } = error;
  const needed = isProtected(object) ? [REPLACE, PRUNE] : [REPLACE];
  const annotations = textMap(object.metadata['annotations'] ?? null);
  const missing = needed.filter(name => annotations[name] !== 'allow').map(name => `${name}: allow`);
  const loss = isProtected(object) ? ', with what it holds,' : '';
  const remedy = `revert the change, or annotate the manifest with ${missing.join(' and ')}, so that the object is deleted${loss} and created again`;
  return new SlipwayError({ code, message, remedy }, { cause: error });
}
