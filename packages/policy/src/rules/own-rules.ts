import type { Severity } from '@slipway/core';

export interface OwnRule {
  readonly severity: Severity;
  readonly why: string;
  readonly fix: string;
}

/** Rules that always apply, without a pack being chosen, by the pages of docs/rules that explain them. */
export const ownRules: Readonly<Record<string, Readonly<Record<string, OwnRule>>>> = {
  spawned: {
    'foreign-host': {
      severity: 'error',
      why: 'An instance of a spawned formation that asks for another host than those of its block, or for every host, would take the traffic of others, or a certificate for their names: in an Ingress, a Gateway, a route, a Certificate, a DNSEndpoint, or in annotations of external-dns, of controllers of Ingresses and of cert-manager.',
      fix: 'name a host below one of spawn.hosts; on a pull request those of the base commit count',
    },
    'external-name': {
      severity: 'error',
      why: 'A Service of the type ExternalName leads an Ingress or a pod of an instance to any name, also within the cluster.',
      fix: 'remove it in the spawned formation, and give pods the name by a value',
    },
    'external-ip': {
      severity: 'error',
      why: 'A Service with externalIPs takes the traffic of the whole cluster to these addresses, whoever sends it.',
      fix: 'remove externalIPs in the spawned formation; an Ingress or a route leads to its pods',
    },
    'foreign-secret': {
      severity: 'error',
      why: 'A Job that runs before the release, such as a migration, has a Secret that the instance did not bring: it may be for the database of another environment, which changes that no one has reviewed would then reach.',
      fix: 'write a secret of the spawned formation into a Secret of the manifests, and name that one',
    },
    finalizer: {
      severity: 'error',
      why: 'An object of an instance with a finalizer, or one that is made of a template with it, stays until someone removes that: it keeps the instance, its namespace, and the room that it takes.',
      fix: 'remove metadata.finalizers in the spawned formation; controllers add those that they remove again',
    },
    'long-end': {
      severity: 'error',
      why: 'With form create, pods of an instance have ten minutes at most to end, as they keep its namespace that long.',
      fix: 'lower terminationGracePeriodSeconds in the spawned formation to 600 at most',
    },
    'over-quota': {
      severity: 'error',
      why: 'An instance of the form create has a namespace with a quota, and its Deployments and StatefulSets ask for more together, so that some of their pods would never run.',
      fix: 'give the spawned formation fewer replicas or smaller requests, or raise the quota of its block up to what is shipped',
    },
  },
  schema: {
    'unknown-field': {
      severity: 'error',
      why: 'A field that the kind does not have does nothing, and is nearly always misspelt or in the wrong place.',
      fix: 'use the name that the finding proposes, or remove the field',
    },
    'wrong-type': {
      severity: 'error',
      why: 'An API server rejects a value whose type is not that of the schema.',
      fix: 'correct the value; numbers in quotes are text',
    },
    'missing-field': {
      severity: 'error',
      why: 'An API server rejects an object without its required fields.',
      fix: 'add the field',
    },
    'invalid-value': {
      severity: 'error',
      why: "The value has the right type, but violates what else the schema of its CustomResourceDefinition or the API server's own validation requires.",
      fix: 'correct the value',
    },
    'duplicate-item': {
      severity: 'error',
      why: 'Server-side apply identifies the items of a list by their keys, such as the name of a variable or the port and protocol of a Service, and refuses a manifest with two items of the same keys.',
      fix: 'remove one of the two, or correct it',
    },
    'duplicate-object': {
      severity: 'error',
      why: 'Two manifests describe the same object, so that one would overwrite the other.',
      fix: 'remove one of the two, or give it another name',
    },
    'invalid-name': {
      severity: 'error',
      why: 'An API server rejects names, label keys and values, and keys of ConfigMaps and Secrets that do not have the form that Kubernetes requires there.',
      fix: 'use a name of the form that the finding describes',
    },
    'too-large': {
      severity: 'error',
      why: 'An API server rejects ConfigMaps and Secrets with more than 1 MiB of values, and more than 256 KiB of annotations.',
      fix: 'make it smaller, or split the object',
    },
    'conflicting-fields': {
      severity: 'error',
      why: 'An API server rejects two values that exclude each other, such as value and valueFrom of a variable.',
      fix: 'remove one of the two',
    },
    'selector-mismatch': {
      severity: 'error',
      why: "An API server rejects a workload whose selector does not match its own template's labels.",
      fix: 'give the template the labels that the selector asks for',
    },
    'missing-volume': {
      severity: 'error',
      why: 'An API server rejects a container that mounts a volume that its pod does not have.',
      fix: 'add the volume, or correct the name',
    },
    unreadable: {
      severity: 'error',
      why: 'A file, or a part of it, could not be read: it is not valid YAML, contains something other than Kubernetes objects, is too large, or leads out of the repository. Everything else was checked.',
      fix: 'do what the finding says',
    },
    'duplicate-key': {
      severity: 'warning',
      why: 'If a map contains a key twice, Kubernetes uses the last one without a warning.',
      fix: 'remove one of them',
    },
    'removed-version': {
      severity: 'error',
      why: 'The chosen version of Kubernetes no longer serves this version of the API.',
      fix: 'use the version that the finding names, and look for fields that changed',
    },
    'unknown-version': {
      severity: 'error',
      why: 'The chosen version of Kubernetes serves the kind in another version of the API.',
      fix: 'use the version that the finding names',
    },
    'unknown-kind': {
      severity: 'warning',
      why: "Without a schema the object cannot be checked. It is an error if the group is one of Kubernetes' own, which has no such kind.",
      fix: 'put the CustomResourceDefinition among the manifests or policies, or in the input crds',
    },
    'unsupported-version': {
      severity: 'warning',
      why: 'There are no schemas for this version of Kubernetes, so those of the nearest version were used.',
      fix: 'use a release of Slipway that knows the version',
    },
    'validation-rule': {
      severity: 'error',
      why: 'A rule (x-kubernetes-validations) of the CustomResourceDefinition is not met. If its name ends with /failed, it could not be evaluated.',
      fix: 'do what the message says',
    },
    'invalid-definition': {
      severity: 'error',
      why: 'An API server rejects a CustomResourceDefinition whose schema is not structural.',
      fix: 'correct the schema at the position of the finding',
    },
    'invalid-rule': {
      severity: 'error',
      why: 'An API server rejects a CustomResourceDefinition with a rule that does not compile.',
      fix: 'correct the expression',
    },
  },
  policy: {
    invalid: {
      severity: 'error',
      why: 'A policy or binding does not have the form that Kubernetes requires, so it has no effect.',
      fix: 'correct it',
    },
    'does-not-compile': {
      severity: 'error',
      why: 'An API server rejects a policy with an expression that does not compile, so the policy has no effect.',
      fix: 'correct the expression at the position that the message names',
    },
    'type-mismatch': {
      severity: 'notice',
      why: 'An expression does not fit the schema of a kind that the policy covers, and will fail for objects of that kind. An API server reports it in status.typeChecking.',
      fix: 'correct the expression, guard it with has(), or narrow matchConstraints',
    },
    'unknown-resource': {
      severity: 'warning',
      why: 'A rule of a policy names a resource, a version or a scope that Kubernetes does not have in the groups that it names. An API server takes it, but no object is covered.',
      fix: 'correct the rule; resources are written in the plural and in small letters, and the group of v1 is ""',
    },
    unused: {
      severity: 'warning',
      why: 'An object beside the policies is neither a ValidatingAdmissionPolicy, a binding, a definition or a waiver, nor of a kind that a policy takes parameters of, such as a policy of another project. It checks nothing here.',
      fix: 'write it as a ValidatingAdmissionPolicy, or move the file elsewhere',
    },
    unbound: {
      severity: 'warning',
      why: 'A policy without a binding, or a binding without its policy, has no effect.',
      fix: 'add the missing one, or correct the name',
    },
  },
  waiver: {
    invalid: { severity: 'error', why: 'A waiver that is malformed waives nothing.', fix: 'correct it' },
    expired: {
      severity: 'error',
      why: 'The day of the waiver has passed, and what it waived counts again.',
      fix: 'fix the problem and remove the waiver, or have its owner renew it',
    },
    'ends-soon': {
      severity: 'warning',
      why: 'The waiver ends within two weeks.',
      fix: 'fix the problem before then, or have its owner renew the waiver',
    },
    unused: {
      severity: 'warning',
      why: 'The waiver waives nothing: the problem was fixed, or its rule or object is misspelt.',
      fix: 'remove or correct it',
    },
    ignored: {
      severity: 'warning',
      why: 'Waivers end on a day, and the current day is not known here.',
      fix: 'fix the problem',
    },
  },
  'after-merge': {
    removed: {
      severity: 'notice',
      why: 'The pull request removes a rule. The rule applies until it is merged, because the base commit decides.',
      fix: 'nothing, if that is what you want',
    },
    changed: {
      severity: 'notice',
      why: 'The pull request changes a rule. What it makes stricter applies at once; what it loosens applies once it is merged.',
      fix: 'nothing, if that is what you want; introduce a looser rule in a separate pull request',
    },
    added: {
      severity: 'notice',
      why: 'The pull request adds a waiver, which waives nothing before it is merged.',
      fix: 'add the waiver in a separate pull request, and then what needs it',
    },
  },
  placement: {
    'cluster-scoped': {
      severity: 'error',
      why: "deploy refuses a cluster-scoped object that the formation's allow does not name; on a pull request the base commit's allow must name it as well.",
      fix: 'add its kind to allow.cluster-scoped of the formation in a separate pull request, or remove the object',
    },
    'other-namespace': {
      severity: 'error',
      why: "deploy refuses an object outside of the destination's namespace if the formation's allow does not name that namespace; on a pull request the base commit's allow must name it as well.",
      fix: 'add the namespace to allow.namespaces of the formation in a separate pull request, or remove the object',
    },
  },
  images: {
    foreign: {
      severity: 'error',
      why: 'deploy refuses an image that is not a service of slipway.yaml: it would run something that no snapshot names, so that a promotion or a rollback could not bring it back. Plain manifests are not checked.',
      fix: 'make it a service of slipway.yaml, and write ${image.<service>}',
    },
  },
  steps: {
    'workload-unknown': {
      severity: 'error',
      why: '`workloads` of the strategy names a Deployment that the formation does not have.',
      fix: 'correct the name, or remove it',
    },
    'workload-unfit': {
      severity: 'error',
      why: 'Two versions of the workload cannot run side by side: it is not a Deployment, it is recreated, or its pods need a claim or a port that only one of them can have.',
      fix: 'take it out of workloads, so that it is written when the release is committed, or change it',
    },
    worker: {
      severity: 'error',
      why: 'A weight is a share of the connections that a Service gives out, and no Service selects the workload; or it takes its work itself, and a step has the weight 100.',
      fix: 'name it with takes-work: true, or take it out of workloads',
    },
    'service-unfit': {
      severity: 'error',
      why: 'Users cannot be moved by the selector of this Service, or not at a weight of 100.',
      fix: 'change what the finding names, or use weights up to 50',
    },
    selector: {
      severity: 'error',
      why: 'While a release is open, a Service is narrowed to the pods of one workload, and no other Service may send to its copy.',
      fix: 'write selectors that select one workload each, and give formations in one namespace labels of their own',
    },
    port: {
      severity: 'error',
      why: 'The Service sends to a port by its name, and the pods have none of that name, so that the new version would get no connection.',
      fix: 'keep the name of the port, or change the Service one release earlier',
    },
    name: {
      severity: 'error',
      why: 'The temporary copy of an object has its name with `-next` behind it, which is taken or too long.',
      fix: 'rename the object',
    },
    autoscaler: {
      severity: 'error',
      why: 'At a weight of 100 the pods that get no user hide from the autoscaler how busy the others are, and some metrics count the work of both versions as that of one.',
      fix: 'use weights up to 50, or another metric',
    },
    share: {
      severity: 'error',
      why: 'Each pod gets the same share of the connections, so that with few pods a small weight is a large share.',
      fix: 'write a larger weight, or run more pods',
    },
    progress: {
      severity: 'error',
      why: 'The annotation that says in which half of the release an object is written is neither `first` nor `last`.',
      fix: 'write one of the two, or remove it',
    },
    reserved: {
      severity: 'error',
      why: 'A manifest has the label slipway.dev/track in its pods or its selector, by which releases in steps tell their two versions apart.',
      fix: 'remove it: Slipway writes it where it is needed',
    },
    check: {
      severity: 'error',
      why: 'A check compares with the time before the release, in which only one version served, or asks about the pods of a workload that the release does not have, so that every release would wait.',
      fix: 'compare with the version beside it, and name a Deployment of the release',
    },
    advice: {
      severity: 'warning',
      why: 'The release can go in steps, but something about its objects makes the steps less smooth or less exact.',
      fix: 'read the finding, and decide whether it matters',
    },
    strategy: {
      severity: 'warning',
      why: 'The strategy can be taken as it is written, and does likely not do what is meant.',
      fix: 'change what the finding names, or leave it if it is meant',
    },
    comparison: {
      severity: 'warning',
      why: 'A check compares values that share data, so that several count as one, or is asked in no step, or in one that is too short for as many values as it needs.',
      fix: 'change `every`, the bake or the samples as the finding says, or leave it if it is meant',
    },
  },
  baseline: {
    unreadable: {
      severity: 'error',
      why: 'The earlier state of the objects could not be read, and a rule needs it. If no rule does, it is a notice.',
      fix: 'fix what the message names, or set baseline',
    },
    empty: {
      severity: 'warning',
      why: 'The base commit has none of the plain manifests, because an earlier step generates them, so change policies see no change.',
      fix: 'set baseline to the manifests that are generated from the base, or to cluster',
    },
    uncommitted: {
      severity: 'notice',
      why: 'A step of the job wrote a plain manifest, so no commit has what it was before, and a review does not know what changes.',
      fix: 'commit what Helm or Kustomize writes, or name the chart or directory as a source of a formation',
    },
  },
};
