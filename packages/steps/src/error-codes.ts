import type { ErrorEntry } from '@slipway/core';

/** Why the objects of a release cannot go in steps, or what those who plan one should know. */
export type StepsErrorCode =
  | 'steps-workload-unknown'
  | 'steps-workload-unfit'
  | 'steps-worker'
  | 'steps-service-unfit'
  | 'steps-selector'
  | 'steps-port'
  | 'steps-name'
  | 'steps-autoscaler'
  | 'steps-share'
  | 'steps-quota'
  | 'steps-content'
  | 'steps-check'
  | 'steps-progress'
  | 'steps-reserved'
  | 'steps-advice'
  | 'steps-not-reached';

export const stepsErrors: Readonly<Record<StepsErrorCode, ErrorEntry>> = {
  'steps-workload-unknown': {
    symptom: 'object',
    example: 'the release has no Deployment "apii"',
    cause: '`workloads` of the strategy names a Deployment that the release does not have.',
    remedy: 'Correct the name, or remove it.',
  },
  'steps-workload-unfit': {
    symptom: 'object',
    example: 'Deployment api cannot go in steps: its strategy is Recreate',
    cause:
      'Two versions of the workload cannot run side by side: it is not a Deployment, its strategy is `Recreate`, its pods mount a claim that one node only may mount or use a port of the node, or the change takes a replacement.',
    remedy: 'Take it out of `workloads`, so that it is written when the release is committed, or change it.',
  },
  'steps-worker': {
    symptom: 'object',
    example:
      'no Service of the release selects Deployment mailer, so that no share of traffic can go to its copy',
    cause:
      'A weight is a share of the connections that a Service gives out. A workload that fetches its work itself, from a queue for instance, works as soon as a pod of it runs, whatever Services say.',
    remedy:
      'Write `{name: mailer, takes-work: true}`, so that its copy is brought with the first weight above 0 and has that share of the pods. It cannot have a weight of 100, nor a step of weight 0 alone.',
  },
  'steps-service-unfit': {
    symptom: 'object',
    example: 'Service api has publishNotReadyAddresses, so that pods which are not Ready would get users',
    cause:
      'A release in steps moves users by the selector of the Service. That does not work with this Service, or not with a weight of 100.',
    remedy: 'Change what the message names, or remove the step of weight 100.',
  },
  'steps-selector': {
    symptom: 'object',
    example:
      'PodDisruptionBudget api covers StatefulSet db too, which would have none while a release is open',
    cause:
      'While a release is open, a Service and a PodDisruptionBudget are narrowed to the pods that serve. A Service must therefore select one workload only, and the pods of both of its versions; a budget must cover nothing besides what goes in steps.',
    remedy: 'Write a selector that does.',
  },
  'steps-port': {
    symptom: 'object',
    example: 'the pods of Deployment api have no port "http", which Service api sends to',
    cause:
      'The Service sends to a port by its name, and the new version of the pods has no port of that name, so that the new version would get no connection.',
    remedy: 'Keep the name of the port in the new version, or change the Service one release earlier.',
  },
  'steps-name': {
    symptom: 'object',
    example: 'the release has Deployment api-next, which is the name of the temporary copy of Deployment api',
    cause:
      'While a release goes in steps, the copy of an object has its name with `-next` behind it. That name is taken, or longer than 63 characters.',
    remedy: 'Rename the object.',
  },
  'steps-autoscaler': {
    symptom: 'object',
    example:
      'HorizontalPodAutoscaler api scales Deployment api, so that a weight of 100 is refused: the pods that get no user would hide from it how busy the others are',
    cause:
      'At a weight of 100 the pods that get no user hide from the autoscaler how busy the others are. A metric of the kind `Object` or `External` with a `Value` counts the work of both versions as that of one.',
    remedy: 'Use weights up to 50, or another metric.',
  },
  'steps-share': {
    symptom: 'object',
    example: 'a weight of 5 beside 4 pods of Deployment api would be 20 %',
    cause:
      'Each pod gets the same share of connections, and a copy has at least one pod. With few pods a small weight would be more than twice what is written.',
    remedy: 'Write a larger weight, or run more pods.',
  },
  'steps-quota': {
    symptom: 'steps',
    example:
      'ResourceQuota team has 2 of its pods left, and the release may need 5 more: for its copies, for what its rollout adds, and for what autoscalers may bring',
    cause:
      'A release in steps runs both versions side by side, and rolls the one that serves while its copy still runs. A quota that has no room for that would stop it half-way, at the latest when it is committed.',
    remedy: 'Raise the quota, use smaller weights, or lower `maxReplicas` of the autoscaler.',
  },
  'steps-content': {
    symptom: 'object',
    example: 'ConfigMap shop/settings keeps its name and changes, and Deployment shop/api uses it',
    cause:
      'The pods of both versions would read the changed content, so that the version that serves would not stay as it is, and an undo would come too late.',
    remedy:
      'Let it be named by its content (`slipway.dev/naming: content`), or say with `slipway.dev/progress: first` or `last` that it may change for both at the start, or at the commit.',
  },
  'steps-check': {
    symptom: 'object',
    example:
      'check "errors" has max-increase, which compares with the time before the release, and in steps both versions serve then',
    cause:
      'A release in steps is compared with the version that serves beside it, at the same time. A comparison with the time before the release would be asked at the commit, after a part of the users had the new version.',
    remedy:
      'Compare the versions with `higher-by` or `lower-by` and `${pods}`, or write `max` or `min`. See [a comparison of two versions](verifying.md#a-comparison-of-two-versions).',
  },
  'steps-progress': {
    symptom: 'object',
    example: 'ConfigMap settings has slipway.dev/progress "soon"',
    cause: 'The annotation `slipway.dev/progress` is neither `first` nor `last`.',
    remedy: 'Write one of the two, or remove the annotation.',
  },
  'steps-reserved': {
    symptom: 'object',
    example:
      'Service api has the label "slipway.dev/track" in its pods or its selector, which only Slipway may set',
    cause:
      'While a release goes in steps, the label `slipway.dev/track` tells its two versions apart, and Services are narrowed by it. A manifest that has it would keep users with one of them.',
    remedy: 'Remove it from the manifest.',
  },
  'steps-advice': {
    symptom: 'object',
    example:
      'Deployment api has no preStop, so that connections to pods that end are refused while stable is rolled',
    cause:
      'The release can go in steps, but something about its objects makes the steps less smooth or less exact.',
    remedy: 'Read the message, and decide whether it matters to you.',
  },
  'steps-not-reached': {
    symptom: 'steps',
    example:
      'what release 42 is to have in the cluster (copies) was written 6 times and is not there: something else changes it',
    cause:
      'Something in the cluster changes what Slipway writes, such as an operator or an admission webhook.',
    remedy: 'Find out what does, and run verify-rollout again, or decide `reject`.',
  },
};
