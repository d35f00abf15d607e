import type { Severity } from '@slipway/core';

export interface OwnRule {
  readonly severity: Severity;
  readonly why: string;
  readonly fix: string;
}

/** Rules that are there without a pack being chosen, by the pages of docs/rules that explain them. */
export const ownRules: Readonly<Record<string, Readonly<Record<string, OwnRule>>>> = {
  schema: {
    'unknown-field': {
      severity: 'error',
      why: 'A field that the kind does not have does nothing, and is nearly always misspelt or in the wrong place.',
      fix: 'take the name that the finding proposes, or remove the field',
    },
    'wrong-type': {
      severity: 'error',
      why: 'An API server refuses a value of another type than the schema says.',
      fix: 'mend the value; numbers in quotes are text',
    },
    'missing-field': {
      severity: 'error',
      why: 'An API server refuses an object without its required fields.',
      fix: 'add the field',
    },
    'invalid-value': {
      severity: 'error',
      why: 'The value breaks what the schema of a CustomResourceDefinition asks for beyond its type.',
      fix: 'mend the value',
    },
    unreadable: {
      severity: 'error',
      why: 'A file, or a part of it, could not be read: it is no YAML, holds what is no Kubernetes object, is too large, or leads out of the repository. Everything else was checked.',
      fix: 'do what the finding says',
    },
    'duplicate-key': {
      severity: 'warning',
      why: 'Of a key that stands twice in a map Kubernetes takes the last, and says nothing.',
      fix: 'remove one of them',
    },
    'removed-version': {
      severity: 'error',
      why: 'The chosen version of Kubernetes no longer serves this version of the API.',
      fix: 'use the version that the finding names, and look for fields that changed',
    },
    'unknown-version': {
      severity: 'error',
      why: 'The chosen version of Kubernetes serves the kind under another version of the API.',
      fix: 'use the version that the finding names',
    },
    'unknown-kind': {
      severity: 'warning',
      why: 'Without a schema nothing of the object can be checked. It is an error where Kubernetes itself has the group and no such kind.',
      fix: 'put the CustomResourceDefinition among the manifests or policies, or in the input crds',
    },
    'unsupported-version': {
      severity: 'warning',
      why: 'There are no schemas of this version of Kubernetes, so the nearest ones were used.',
      fix: 'use a release of Slipway that knows the version',
    },
    'validation-rule': {
      severity: 'error',
      why: 'A rule (x-kubernetes-validations) of the CustomResourceDefinition is not met. With /failed at its end it could not be evaluated.',
      fix: 'do what the message says',
    },
    'invalid-definition': {
      severity: 'error',
      why: 'An API server refuses a CustomResourceDefinition whose schema is not structural.',
      fix: 'mend the schema at the place',
    },
    'invalid-rule': {
      severity: 'error',
      why: 'An API server refuses a CustomResourceDefinition with a rule that does not compile.',
      fix: 'mend the expression',
    },
  },
  policy: {
    invalid: {
      severity: 'error',
      why: 'A policy or binding has not the form that Kubernetes asks for, so that it decides nothing.',
      fix: 'mend it',
    },
    'does-not-compile': {
      severity: 'error',
      why: 'An API server would not take a policy with an expression that does not compile, so that it decides nothing.',
      fix: 'mend the expression at the place that the message gives',
    },
    'type-mismatch': {
      severity: 'notice',
      why: 'An expression does not fit the schema of a kind that the policy is about, and will fail for its objects. An API server says so in status.typeChecking.',
      fix: 'mend the expression, guard it with has(), or narrow matchConstraints',
    },
    unbound: {
      severity: 'warning',
      why: 'A policy without a binding, or a binding without its policy, decides nothing.',
      fix: 'add the other one, or correct the name',
    },
  },
  waiver: {
    invalid: { severity: 'error', why: 'A waiver that is malformed waives nothing.', fix: 'mend it' },
    expired: {
      severity: 'error',
      why: 'The day of the waiver has passed, and what it waived counts again.',
      fix: 'mend what it was about and remove it, or have its owner renew it',
    },
    'ends-soon': {
      severity: 'warning',
      why: 'The waiver ends within two weeks.',
      fix: 'mend what it is about before, or have its owner renew it',
    },
    unused: {
      severity: 'warning',
      why: 'The waiver waives nothing: what it was about is mended, or its rule or object is misspelt.',
      fix: 'remove it, or correct it',
    },
    ignored: {
      severity: 'warning',
      why: 'Waivers end on a day, and here none is known.',
      fix: 'mend what it is about',
    },
  },
  'after-merge': {
    removed: {
      severity: 'notice',
      why: 'The pull request removes a rule, which holds until it is merged: the base commit decides.',
      fix: 'nothing, if that is what you want',
    },
    changed: {
      severity: 'notice',
      why: 'The pull request changes a rule. What it makes stricter holds at once; what it loosens holds once it is merged.',
      fix: 'nothing, if that is what you want; bring a looser rule in by a pull request of its own',
    },
    added: {
      severity: 'notice',
      why: 'The pull request brings a waiver, which lets nothing off before it is merged.',
      fix: 'bring the waiver in by a pull request of its own, and then what needs it',
    },
  },
  placement: {
    'cluster-scoped': {
      severity: 'error',
      why: "deploy refuses an object of cluster scope that the formation's allow does not name, and on a pull request that of the base commit as well.",
      fix: 'add its kind to allow.cluster-scoped of the formation, by a pull request of its own, or take it out',
    },
    'other-namespace': {
      severity: 'error',
      why: "deploy refuses an object outside of the destination's namespace that the formation's allow does not name, and on a pull request that of the base commit as well.",
      fix: 'add the namespace to allow.namespaces of the formation, by a pull request of its own, or take it out',
    },
  },
  baseline: {
    unreadable: {
      severity: 'error',
      why: 'How the objects were before cannot be told, though a rule asks for it. Where no rule does it is a notice.',
      fix: 'mend what the message names, or set baseline',
    },
    empty: {
      severity: 'warning',
      why: 'The base commit has none of the plain manifests, since they were made by a step before, so change policies see no change.',
      fix: 'set baseline to the manifests as they are made from the base, or to cluster',
    },
  },
};
