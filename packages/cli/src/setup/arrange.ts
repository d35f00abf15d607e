import { Problems, quote } from '@slipway/core';
import type { RoleRule } from '@slipway/kubernetes';
import type { Repository } from '@slipway/render';
import type { CliErrorCode } from '../error-codes.ts';
import type { LocalContext } from './contexts.ts';
import type { Purpose } from './purpose.ts';
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
  /** Those of them where releases go in steps. */
  readonly inSteps: readonly string[];
  readonly purpose: Purpose;
}

/** What a deployer may do in one of its namespaces. */
export function rulesIn(
  { purpose, inSteps }: Pick<Deployer, 'purpose' | 'inSteps'>,
  namespace: string,
): readonly RoleRule[] {
  return inSteps.includes(namespace) ? [...purpose.rules, ...purpose.stepsRules] : purpose.rules;
}

/** What has a secret with a kubeconfig: an environment, or without a name the repository. */
export interface SecretScope {
  readonly environment: string | undefined;
  readonly deployers: readonly Deployer[];
  readonly targets: readonly SetupTarget[];
  readonly purpose: Purpose;
  /** Whom a job waits for that uses it: the reviewers, or no one. */
  readonly asks: 'reviewers' | 'no one';
}

/**
 * Which accounts and secrets some destinations need. GitHub shows no one what a secret contains, so that all destinations that share one
 * are set up together.
 * @throws SlipwayError `secret-shared`, `context-ambiguous`
 */
export function arrangeScopes(
  repository: Repository,
  targets: readonly Reached[],
  purpose: Purpose,
): SecretScope[] {
  const scopeKey = (target: SetupTarget): string => purpose.environmentOf(target) ?? '';
  const scopes = Map.groupBy(targets, scopeKey);
  const problems = new Problems<CliErrorCode>();
  const chosen = new Set(targets.map(targetName));
  const others = targetsOf(repository, []).filter(target => !chosen.has(targetName(target)));
  for (const [key, own] of scopes) {
    const left = others.filter(target => scopeKey(target) === key);
    if (left.length > 0) problems.add(secretShared(own, left, purpose));
    for (const problem of contextProblems(own)) problems.add(problem);
  }
  problems.throwIfAny();
  return [...scopes.values()].flatMap(own =>
    withSteps({
      environment: own[0] === undefined ? undefined : purpose.environmentOf(own[0]),
      deployers: deployersOf(own, purpose),
      targets: own,
      purpose,
      asks: 'reviewers',
    }),
  );
}

/**
 * Where releases go in steps, what looks at them and takes them back is in an environment that asks no one, as it must not wait. Where they
 * wait for decisions, the reviewers approve these, in another one, and what begins a release does not wait.
 */
function withSteps(scope: SecretScope): SecretScope[] {
  const { environment, targets, purpose } = scope;
  const isInSteps = purpose.name === 'deploy' && targets.some(({ steps }) => steps !== undefined);
  if (environment === undefined || !isInSteps) return [scope];
  const home: SecretScope = { ...scope, environment: `${environment}-home`, asks: 'no one' };
  if (!targets.some(({ steps }) => steps === 'decided')) return [scope, home];
  return [{ ...scope, asks: 'no one' }, { ...scope, environment: `${environment}-decide` }, home];
}

export function scopeName(environment: string | undefined): string {
  return environment === undefined ? 'the repository' : `the environment ${quote(environment)}`;
}

function secretShared(own: readonly SetupTarget[], left: readonly SetupTarget[], purpose: Purpose) {
  const names = (targets: readonly SetupTarget[]): string => targets.map(targetName).join(', ');
  const formations = [...new Set([...own, ...left].map(({ formation }) => formation))];
  return {
    code: 'secret-shared',
    message: `${names(own)} and ${names(left)} have one secret ${purpose.secret}, that of ${scopeName(own[0] && purpose.environmentOf(own[0]))}, and setting it up for some would take it from the others`,
    remedy:
      purpose.name === 'deploy'
        ? `run "slipway setup ${formations.join(' ')}", or give each destination an environment of its own`
        : `run "slipway setup ${formations.join(' ')} --for ${purpose.name}"`,
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

function deployersOf(targets: readonly Reached[], purpose: Purpose): Deployer[] {
  const byContext = Map.groupBy(targets, ({ jobContext }) => jobContext);
  return [...byContext].flatMap(([jobContext, own]): Deployer[] => {
    const [first] = own;
    if (first === undefined) return [];
    const namesOf = (targets: readonly Reached[]): string[] => [
      ...new Set(targets.map(({ namespace }) => namespace)),
    ];
    const [namespaces, inSteps] = [namesOf(own), namesOf(own.filter(({ steps }) => steps !== undefined))];
    return [{ jobContext, context: first.context, home: first.namespace, namespaces, inSteps, purpose }];
  });
}
