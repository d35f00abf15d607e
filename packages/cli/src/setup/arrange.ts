import { Problems, quote } from '@slipway/core';
import type { Repository } from '@slipway/render';
import type { CliErrorCode } from '../error-codes.ts';
import type { LocalContext } from './contexts.ts';
import { type SetupTarget, targetName, targetsOf } from './targets.ts';

/** A destination with the context of this machine that reaches it. */
export type Reached = SetupTarget & { readonly context: LocalContext };

/** Who deploys to one cluster with one secret: an account in a namespace, with a Role there and in the others. */
export interface Deployer {
  /** The context of the job's kubeconfig; undefined for one that formations do not name. */
  readonly jobContext: string | undefined;
  readonly context: LocalContext;
  /** The namespace of the account. */
  readonly home: string;
  readonly namespaces: readonly string[];
}

/** What has a secret KUBECONFIG: an environment, or without a name the repository. */
export interface SecretScope {
  readonly environment: string | undefined;
  readonly deployers: readonly Deployer[];
  readonly targets: readonly SetupTarget[];
}

/**
 * Which accounts and secrets some destinations need. GitHub shows no one what a secret contains, so that all destinations that share one
 * are set up together.
 * @throws SlipwayError `secret-shared`, `context-ambiguous`
 */
export function arrangeScopes(repository: Repository, targets: readonly Reached[]): SecretScope[] {
  const scopes = Map.groupBy(targets, scopeKey);
  const problems = new Problems<CliErrorCode>();
  const chosen = new Set(targets.map(targetName));
  const others = targetsOf(repository, []).filter(target => !chosen.has(targetName(target)));
  for (const [key, own] of scopes) {
    const left = others.filter(target => scopeKey(target) === key);
    if (left.length > 0) problems.add(secretShared(own, left));
    for (const problem of contextProblems(own)) problems.add(problem);
  }
  problems.throwIfAny();
  return [...scopes.values()].map(own => ({
    environment: own[0]?.environment,
    deployers: deployersOf(own),
    targets: own,
  }));
}

/** Names that differ in their case only, which GitHub ignores, are refused before. */
function scopeKey({ environment = '' }: SetupTarget): string {
  return environment;
}

export function scopeName(environment: string | undefined): string {
  return environment === undefined ? 'the repository' : `the environment ${quote(environment)}`;
}

function secretShared(own: readonly SetupTarget[], left: readonly SetupTarget[]) {
  const names = (targets: readonly SetupTarget[]): string => targets.map(targetName).join(', ');
  const formations = [...new Set([...own, ...left].map(({ formation }) => formation))];
  return {
    code: 'secret-shared',
    message: `${names(own)} and ${names(left)} have one secret KUBECONFIG, that of ${scopeName(own[0]?.environment)}, and setting it up for some would take it from the others`,
    remedy: `run "slipway setup ${formations.join(' ')}", or give each destination an environment of its own`,
  } as const;
}

function contextProblems(targets: readonly Reached[]) {
  return [...Map.groupBy(targets, ({ jobContext }) => jobContext)].flatMap(([jobContext, own]) => {
    const used = [...new Set(own.map(({ context }) => context.name))];
    const isAmbiguous = used.length > 1;
    return isAmbiguous
      ? [
          {
            code: 'context-ambiguous',
            message: `${own.map(targetName).join(', ')} have one context in the job's kubeconfig${jobContext === undefined ? '' : `, ${quote(jobContext)}`}, and here they are ${used.map(quote).join(' and ')}`,
            remedy: 'give each destination a "context" of its own in the formation, or one --context for all',
          } as const,
        ]
      : [];
  });
}

function deployersOf(targets: readonly Reached[]): Deployer[] {
  const byContext = Map.groupBy(targets, ({ jobContext }) => jobContext);
  return [...byContext].flatMap(([jobContext, own]): Deployer[] => {
    const [first] = own;
    if (first === undefined) return [];
    const namespaces = [...new Set(own.map(({ namespace }) => namespace))];
    return [{ jobContext, context: first.context, home: first.namespace, namespaces }];
  });
}
