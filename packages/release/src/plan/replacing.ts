import { SlipwayError, textMap } from '@slipway/core';
import { type KubernetesObject, PRUNE, REPLACE } from '@slipway/kubernetes';
import { isProtected } from '../records/leaving.ts';

/**
 * Whether the API server refuses a change because the field can't be changed at all, in the words that it has for that:
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

/** Whether the manifest allows the object to be deleted and made anew; what would lose data has to say so twice. */
export function mayReplace(object: KubernetesObject): boolean {
  const annotations = textMap(object.metadata['annotations'] ?? null);
  return annotations[REPLACE] === 'allow' && (!isProtected(object) || annotations[PRUNE] === 'allow');
}

export function replaceProblem(error: SlipwayError): SlipwayError {
  const { code, message } = error;
  const remedy = `take the change back, or annotate the manifest with ${REPLACE}: allow, so that the object is deleted and made anew`;
  return new SlipwayError({ code, message, remedy }, { cause: error });
}
