import { SlipwayError, textMap } from '@slipway/core';
import { type KubernetesObject, PRUNE, REPLACE } from '@slipway/kubernetes';
import { isProtected } from '../records/leaving.ts';

/**
 * Whether the API server refuses a change because the field is immutable, recognised by its messages:
 * https://github.com/kubernetes/apimachinery/blob/v0.36.0/pkg/api/validation/objectmeta.go, FieldImmutableErrorMsg
 */
export function isImmutable(error: unknown): error is SlipwayError {
  return (
    error instanceof SlipwayError &&
    error.code === 'cluster-refused' &&
    /field is immutable|: Forbidden: (?:updates to|may not be (?:changed|updated)|spec is immutable)|may not change once set|cannot change roleRef/.test(
      error.message,
    )
  );
}

/** Whether the manifest lets the object be deleted and created again; kinds that would lose data need a second annotation. */
export function mayReplace(object: KubernetesObject): boolean {
  const annotations = textMap(object.metadata['annotations'] ?? null);
  return annotations[REPLACE] === 'allow' && (!isProtected(object) || annotations[PRUNE] === 'allow');
}

export function replacementNotAllowed(error: SlipwayError): SlipwayError {
  const { code, message } = error;
  const remedy = `revert the change, or annotate the manifest with ${REPLACE}: allow, so that the object is deleted and created again`;
  return new SlipwayError({ code, message, remedy }, { cause: error });
}
