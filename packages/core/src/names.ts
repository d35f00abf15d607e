/** Names of applications, formations, destinations and services: DNS labels (RFC 1123), short enough to be joined in object names. */
export const NAME_PATTERN = '^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$';
export const MAX_NAME_LENGTH = 40;

/** The repository of the snapshots, beside those of the services, so no service can have this name. */
export const SNAPSHOTS_REPOSITORY = 'snapshots';

/** A tag as OCI's distribution specification has it, short enough that `.<formation>.<destination>` can follow in 128 characters. */
export const DEPLOYMENT_TAG_PATTERN = '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,44}$';

/** A full id of Git, by SHA-1 or SHA-256. */
export const COMMIT_PATTERN = '^[0-9a-f]{40}(?:[0-9a-f]{24})?$';

const name = new RegExp(NAME_PATTERN);
const commit = new RegExp(COMMIT_PATTERN);
const deploymentTag = new RegExp(DEPLOYMENT_TAG_PATTERN);

export function isName(text: string): boolean {
  return name.test(text);
}

/** Whether it is a full id, and not a branch, a range or an option of Git. */
export function isCommitId(text: string): boolean {
  return commit.test(text);
}

/**
 * What the registry marks destinations with, as `snapshots:<mark>.<formation>.<destination>`, and parts of a build, as
 * `snapshots:part.<run>.<part>`.
 */
export const REGISTRY_MARKS = ['passed', 'verdict', 'hold', 'removed', 'part'] as const;

/** The marks are refused, since a snapshot or verdict of that tag would collide with them. */
export function isDeploymentTag(text: string): boolean {
  return deploymentTag.test(text) && !REGISTRY_MARKS.some(mark => `${text}.`.startsWith(`${mark}.`));
}
