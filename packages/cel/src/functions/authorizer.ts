import { Undecided } from '../values/failure.ts';
import type { Library } from './function-table.ts';

/** Never reached: `authorizer` itself is undecided as soon as it is read. The signatures let policies that use it compile. */
function unknown(): never {
  throw new Undecided('authorizer');
}

/** https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/cel/library/authz.go */
export const authorizer: Library = {
  since: 27,
  functions: [
    'Authorizer.path(string): PathCheck',
    'Authorizer.group(string): GroupCheck',
    'Authorizer.serviceAccount(string, string): Authorizer',
    'GroupCheck.resource(string): ResourceCheck',
    'ResourceCheck.subresource(string): ResourceCheck',
    'ResourceCheck.namespace(string): ResourceCheck',
    'ResourceCheck.name(string): ResourceCheck',
    'ResourceCheck.check(string): Decision',
    'PathCheck.check(string): Decision',
    'Decision.allowed(): bool',
    'Decision.reason(): string',
    'Decision.errored(): bool',
    'Decision.error(): string',
  ].map(signature => [signature, unknown]),
};

export const authorizerSelectors: Library = {
  since: 31,
  functions: [
    'ResourceCheck.fieldSelector(string): ResourceCheck',
    'ResourceCheck.labelSelector(string): ResourceCheck',
  ].map(signature => [signature, unknown]),
};
