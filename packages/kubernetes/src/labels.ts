/**
 * All labels and annotations of Slipway. A test holds that no other file writes `slipway.dev/…` by itself.
 */
const OWN = 'slipway.dev/';

/** What people write on their objects. */

/** The stage in which an object is applied: a whole number, 0 without it. */
export const ORDER = `${OWN}order`;
/** `allow` lets a Namespace, a claim or a CustomResourceDefinition be pruned. */
export const PRUNE = `${OWN}prune`;
/** `allow` lets an object be deleted and created again where it cannot be changed otherwise. */
export const REPLACE = `${OWN}replace`;
/** `content` or `fixed`: whether a ConfigMap or Secret is named by its content, whatever else names it. */
export const NAMING = `${OWN}naming`;
/** `first` or `last`: whether a release in steps writes the object at its start, or when it is committed. */
export const PROGRESS = `${OWN}progress`;

/** Durations that hold for one object instead of those of the formation. */
export const STABLE_FOR = `${OWN}stable-for`;
export const TIMEOUT = `${OWN}timeout`;
export const DEADLINE = `${OWN}deadline`;
export const PULL_WINDOW = `${OWN}pull-window`;
export const CRASH_WINDOW = `${OWN}crash-window`;
export const SCHEDULE_WINDOW = `${OWN}schedule-window`;
export const READY_WINDOW = `${OWN}ready-window`;

/** What authors of policies write on them: the name of the rule, why there is one, and what to do about a finding. */
export const RULE = `${OWN}rule`;
export const WHY = `${OWN}why`;
export const FIX = `${OWN}fix`;
/** The rules that a policy takes the place of, separated by a comma and a space. */
export const REPLACES = `${OWN}replaces`;
/** The first and the last minor version of Kubernetes that a policy is for. */
export const SINCE = `${OWN}since`;
export const UNTIL = `${OWN}until`;
/** On a binding: the GitHub users and teams who may sign off what it denies. */
export const SIGN_OFF = `${OWN}sign-off`;

/** What a release writes on its objects: which release changed the object last, and of which deployment tag. */
export const RELEASE = `${OWN}release`;
export const DEPLOYMENT_TAG = `${OWN}deployment-tag`;
/** On pods of a Deployment that releases can bring in steps: `stable`, or `next` on those of the temporary copy. */
export const TRACK = `${OWN}track`;
/** On the temporary copy: the commands that take users off it by hand. */
export const WAY_HOME = `${OWN}way-home`;
/** The whole hash of what an object is named by: of the rendered Job, or of what a ConfigMap or Secret holds. */
export const CONTENT = `${OWN}content`;
/** The name in the manifest of an object that is named by its content. */
export const GIVEN_NAME = `${OWN}given-name`;

/** What Slipway writes on its own objects. */
export const APPLICATION = `${OWN}application`;
export const FORMATION = `${OWN}formation`;
export const VERDICT = `${OWN}verdict`;
export const REPOSITORY = `${OWN}repository`;
export const RECORD_OF = `${OWN}record`;
export const DESTINATION = `${OWN}destination`;
/** The MAC of a record, where releases are given a `record-key`. */
export const MAC = `${OWN}mac`;
/** On the Lease of a formation that is held: who holds it, why, since when and until when, as JSON. */
export const HOLD = `${OWN}hold`;
/** Beside it: the run that wrote it, and a number of its own for each write. */
export const HOLD_WRITTEN_BY = `${OWN}hold-written-by`;
/** On the Lease of the lock: the rollback that waits for it. */
export const LOCK_WANTED = `${OWN}lock-wanted-by`;
/** On the Lease or the namespace that keeps room for an instance: the formation that it is an instance of. */
export const SPAWNED_FROM = `${OWN}spawned-from`;
/** Beside it: the key of the instance, for whom it is and until when, as JSON. */
export const ROOM = `${OWN}room`;
/**
 * On the namespace of an instance, beside that: what an admission policy can compare. The server of the pull request, the number of its
 * repository there, its own number, and when the instance ends.
 */
export const SPAWNED_SERVER = `${OWN}server`;
export const SPAWNED_REPOSITORY = `${OWN}repository-id`;
export const SPAWNED_PULL = `${OWN}pull-request`;
export const EXPIRES = `${OWN}expires`;
/** On the namespace in which `slipway doctor` tries whether the network enforces policies: its own name. */
export const NETWORK_TRIAL = `${OWN}network-trial`;
/** The copy of a Job that runs as a check. */
export const CHECK = `${OWN}check`;

/** What a status note says of the newest release: commits, times in ISO 8601, who and why, and its objects. */
export const COMMIT = `${OWN}commit`;
export const CONFIG_COMMIT = `${OWN}config-commit`;
export const CONFIG_BESIDE = `${OWN}config-beside`;
export const DEPLOYED = `${OWN}deployed`;
export const CLOSED = `${OWN}closed`;
export const ACTOR = `${OWN}actor`;
export const RUN = `${OWN}run`;
export const REASON = `${OWN}reason`;
export const ROLLBACK_OF = `${OWN}rollback-of`;
export const RESTORES = `${OWN}restores`;
export const OBJECTS = `${OWN}objects`;
export const OBJECT_COUNT = `${OWN}object-count`;

/** The labels and annotations by which every tool recognises a set of objects. https://github.com/kubernetes/enhancements/issues/3659 */
const APPLYSET = 'applyset.kubernetes.io/';
export const PART_OF = `${APPLYSET}part-of`;
export const APPLYSET_ID = `${APPLYSET}id`;
export const TOOLING = `${APPLYSET}tooling`;
export const GROUP_KINDS = `${APPLYSET}contains-group-kinds`;
export const ADDITIONAL_NAMESPACES = `${APPLYSET}additional-namespaces`;

/** Types of Slipway's own Secrets. */
export const RECORD_TYPE = `${OWN}release`;
export const RECORD_PART_TYPE = `${OWN}release-part`;
export const SECRET_COPY_TYPE = `${OWN}secret-copy`;
export const HASH_KEY_TYPE = `${OWN}hash-key`;

const RESERVED_ANNOTATIONS: readonly string[] = [
  RELEASE,
  DEPLOYMENT_TAG,
  CONTENT,
  GIVEN_NAME,
  REPOSITORY,
  RECORD_OF,
  VERDICT,
];

/** Whether no manifest may have a label, since it is Slipway's or of a set. */
export function isReservedLabel(key: string): boolean {
  return key.startsWith(OWN) || key.startsWith(APPLYSET);
}

/** Whether no manifest may have an annotation, since a release writes it. */
export function isReservedAnnotation(key: string): boolean {
  return RESERVED_ANNOTATIONS.includes(key) || key.startsWith(APPLYSET);
}

/** Begins the annotation of a ServiceAccount that says when the token in one secret was made and when it expires. */
export const TOKEN_NOTE = `${OWN}token-`;
