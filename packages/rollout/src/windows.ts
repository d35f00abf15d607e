/**
 * How long a trouble must last, in milliseconds, before it is certain not to pass by itself. A window that is too short fails a
 * release that would have succeeded, one that is too long keeps people waiting; each says what it waits for.
 */

/**
 * A registry that answers "not found" may still be copying the image from another region. The kubelet's second attempt comes
 * after 10 s: https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/kubelet/kubelet.go (imageBackOffPeriod).
 */
export const IMAGE_NOT_FOUND = 5_000;

/** Pull credentials are often written by a controller that starts with the namespace. */
export const IMAGE_DENIED = 15_000;

/** Time-outs, 5xx and refused connections of a registry; three attempts of the kubelet (10 s, 20 s, 40 s). */
export const IMAGE_UNAVAILABLE = 70_000;

/** An operator, such as trust-manager, may be about to write the ConfigMap. */
export const CONFIG_MAP_MISSING = 10_000;

/** cert-manager and external-secrets write Secrets only after the release created their resources. */
export const SECRET_MISSING = 60_000;

/** The kubelet's caches and the container runtime answer late on a busy node; each retries within seconds. */
export const CONTAINER_NOT_CREATED = 20_000;

/** A service account of the same release may reach the controller after the workload. */
export const SERVICE_ACCOUNT_MISSING = 10_000;

/** Old pods that a rolling update removes free their share of the quota. */
export const QUOTA_EXCEEDED = 15_000;

/** A webhook that cannot be called may be restarting; the controllers retry with growing pauses. */
export const PODS_REFUSED = 60_000;

/**
 * An autoscaler decides within 10 s to 30 s and a cloud's node takes two to three minutes to join:
 * https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md
 */
export const UNSCHEDULABLE = 240_000;

/** A volume, a taint or an affinity that no new node would change, judging by the scheduler's message. */
export const UNSCHEDULABLE_ANYWHERE = 30_000;

/** Applications without a startup probe get at least this long, whatever their readiness probe would allow. */
export const NOT_READY_AT_LEAST = 120_000;

/** Volumes attach slowly, and a failed mount is tried again within seconds. */
export const VOLUME_NOT_MOUNTED = 90_000;

/** An autoscaler's target may be created after it. */
export const SCALE_TARGET_MISSING = 30_000;

/** Controllers of custom resources report failures that their next attempt clears. */
export const CUSTOM_RESOURCE_FAILED = 30_000;

/** A condition that is False because of an error: controllers try again with pauses that grow to tens of seconds. */
export const CUSTOM_RESOURCE_REFUSED = 60_000;

/** What a custom resource refers to may come with the same release, or from another controller. */
export const CUSTOM_RESOURCE_LACKS = 90_000;

/** A word in a field that no convention describes, or an error without a reason: it may mean less than it says. */
export const CUSTOM_RESOURCE_HINT = 300_000;

/** Controllers write the first status within seconds; one that restarts has to become the leader first. */
export const NO_STATUS_YET = 30_000;

/** Two crashes further apart than this are not a loop: the kubelet forgets a crash after ten minutes of running. */
export const CRASHES_BELONG_TOGETHER = 600_000;

/** The event of how a Job ended may reach the API server after the Job was removed. */
export const JOB_END_UNKNOWN = 5_000;

/** The condition of an earlier revision remains beside the new `observedGeneration` for some milliseconds. */
export const STALE_DEADLINE = 2_000;
