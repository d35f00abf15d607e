import type { KubernetesObject } from '@slipway/kubernetes';

/** The state of a live object that a delete is meant for: it and no other, unchanged since it was read. */
export function asRead({ metadata }: KubernetesObject): {
  readonly uid: string;
  readonly resourceVersion: string;
} {
  return { uid: String(metadata['uid']), resourceVersion: String(metadata['resourceVersion']) };
}

/**
 * A body that counts for the version that was read only: it may arrive late, over what another run has written since. A version
 * alone would not keep the server from creating an object that is gone; the UID does.
 */
export function forVersion(body: KubernetesObject, live: KubernetesObject | undefined): KubernetesObject {
  return live === undefined ? body : { ...body, metadata: { ...body.metadata, ...asRead(live) } };
}
