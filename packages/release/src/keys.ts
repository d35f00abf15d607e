/** Annotations that people write. */
export const ORDER = 'slipway.dev/order';
/** `allow` lets a Namespace, claim or CustomResourceDefinition be pruned. */
export const PRUNE = 'slipway.dev/prune';
/** `allow` lets an object be deleted and made anew where a change is not possible otherwise. */
export const REPLACE = 'slipway.dev/replace';
/** `content` or `fixed`: whether a ConfigMap or Secret is named by its content, whatever else names it. */
export const NAMING = 'slipway.dev/naming';

/** Annotations that a release writes on its objects: which release changed the object last, and of which deployment tag. */
export const RELEASE = 'slipway.dev/release';
export const DEPLOYMENT_TAG = 'slipway.dev/deployment-tag';
/** The hash that an object is named by, whole: of the rendered Job, or of what a ConfigMap or Secret holds. */
export const CONTENT = 'slipway.dev/content';
/** The name in the manifest of what is named by its content. */
export const GIVEN_NAME = 'slipway.dev/given-name';

/** Labels and annotations of Slipway's own objects. */
export const APPLICATION = 'slipway.dev/application';
export const FORMATION = 'slipway.dev/formation';
export const VERDICT = 'slipway.dev/verdict';
export const REPOSITORY = 'slipway.dev/repository';
export const RECORD_OF = 'slipway.dev/record';
export const DESTINATION = 'slipway.dev/destination';
/** Over a record, by `record-key`. */
export const MAC = 'slipway.dev/mac';

/** KEP-3659: the labels and annotations that make a set of objects recognisable for every tool. */
export const APPLYSET = 'applyset.kubernetes.io/';
export const PART_OF = `${APPLYSET}part-of`;
export const APPLYSET_ID = `${APPLYSET}id`;
export const TOOLING = `${APPLYSET}tooling`;
export const GROUP_KINDS = `${APPLYSET}contains-group-kinds`;
export const ADDITIONAL_NAMESPACES = `${APPLYSET}additional-namespaces`;

export const RECORD_TYPE = 'slipway.dev/release';
export const RECORD_PART_TYPE = 'slipway.dev/release-part';
export const SECRET_COPY_TYPE = 'slipway.dev/secret-copy';
export const HASH_KEY_TYPE = 'slipway.dev/hash-key';

/** What a manifest may not bring along. */
const RESERVED_ANNOTATIONS = [RELEASE, DEPLOYMENT_TAG, CONTENT, GIVEN_NAME, REPOSITORY, RECORD_OF, VERDICT];

export function isReservedLabel(key: string): boolean {
  return key.startsWith('slipway.dev/') || key.startsWith(APPLYSET);
}

export function isReservedAnnotation(key: string): boolean {
  return RESERVED_ANNOTATIONS.includes(key) || key.startsWith(APPLYSET);
}
