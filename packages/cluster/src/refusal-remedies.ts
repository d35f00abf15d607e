/**
 * What to do about refusals that are not about the form of an object. Their messages say what is wrong, and not where it was decided.
 */
const REMEDIES: readonly (readonly [message: RegExp, remedy: string])[] = [
  [/the reason is not shown/, 'look the reason up in the log of the webhook or of the API server'],
  // https://github.com/kubernetes/kubernetes/blob/v1.36.0/staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go
  [/exceeded quota: /, 'ask for less, or raise the ResourceQuota of the namespace'],
  [
    /failed quota: .*must specify/,
    'set what is named, as the ResourceQuota of the namespace requires it, or give the namespace a LimitRange with defaults',
  ],
  // https://github.com/kubernetes/kubernetes/blob/v1.36.0/plugin/pkg/admission/limitranger/admission.go
  [
    /(?:maximum|minimum) [a-z-]+ usage per |max limit to request ratio per /,
    'keep to the LimitRange of the namespace, or change it',
  ],
  [
    /violates PodSecurity /,
    'correct what is named, or change the label pod-security.kubernetes.io/enforce of the namespace',
  ],
  [
    /etcdserver: request is too large|trying to send message larger than max/,
    'make the object smaller or split it, as a cluster stores 1.5 MiB at most',
  ],
  [
    /failed calling webhook /,
    "check that the webhook's Service has pods that are ready, or ask its owner to set failurePolicy: Ignore",
  ],
  [/denied (?:the )?request/, 'do what the message asks for; the rule is one of the cluster'],
];

/** The remedy for a refusal, by the API server's message; undefined for one that names the field to correct. */
export function remedyForRefusal(message: string): string | undefined {
  return REMEDIES.find(([pattern]) => pattern.test(message))?.[1];
}
