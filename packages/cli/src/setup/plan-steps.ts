import { quote } from '@slipway/core';
import type { Machine } from '../machine/machine.ts';
import type { GitHubRepository } from '../outside/github-repository.ts';
import { nameOf } from '../outside/github-repository.ts';
import type { SecretScope } from './arrange.ts';
import { scopeName } from './arrange.ts';
import type { SetupChoices } from './choices.ts';
import { cloudName, cloudScript } from './cloud-script.ts';
import { accountOf, clusterSteps, type Subject } from './cluster-steps.ts';
import { environmentSteps } from './environment-steps.ts';
import { kubeconfigStep } from './kubeconfig-step.ts';
import type { Purpose } from './purpose.ts';
import type { Step } from './step.ts';

export interface SetupPlan {
  readonly application: string;
  readonly repository: GitHubRepository;
  readonly scopes: readonly SecretScope[];
  readonly choices: SetupChoices;
}

/** All steps in their order: what a secret opens and what protects it is there before the secret is. */
export function planSteps(plan: SetupPlan, machine: Machine): Step[] {
  const { scopes, repository, choices } = plan;
  const secrets = scopes.map(scope => secretStep(plan, scope, machine));
  if (choices.mode === 'renew') return secrets;
  return [
    ...onceEach(
      scopes.flatMap(({ deployers }) =>
        deployers.flatMap(deployer =>
          clusterSteps(deployer, subjectOf(choices) ?? accountOf(deployer), machine),
        ),
      ),
    ),
    ...scopes.flatMap(({ environment, asks }) => {
      const reviewers = asks === 'reviewers' ? choices.reviewers : [];
      return environment === undefined
        ? []
        : environmentSteps({ environment, repository, ...choices, reviewers }, machine);
    }),
    ...secrets,
  ];
}

function subjectOf({ identity, subject: name = '' }: SetupChoices): Subject | undefined {
  if (identity === 'token') return undefined;
  return { kind: identity === 'eks' ? 'Group' : 'User', name };
}

function secretStep(
  { application, repository, choices }: SetupPlan,
  scope: SecretScope,
  machine: Machine,
): Step {
  const { identity, subject = '', branch } = choices;
  if (identity === 'token') return kubeconfigStep(scope, repository, choices, machine);
  const name = cloudName(application, scope.targets[0]?.formation ?? '');
  const login = { identity, subject, branch, repository, environment: scope.environment, name };
  return {
    what: `login of ${scopeName(scope.environment)} as ${quote(subject)}`,
    where: { eks: 'AWS', gke: 'Google Cloud', aks: 'Azure' }[identity],
    script: cloudScript(login),
  };
}

/** Accounts of several secrets share a namespace and a Role. */
function onceEach(steps: readonly Step[]): Step[] {
  return [
    ...new Map(steps.map(step => [JSON.stringify([step.what, step.where, step.script]), step])).values(),
  ];
}

/** What should be known before anything is written, each a sentence without a full stop. */
export function remarksOn(plan: SetupPlan): string[] {
  return [...otherContexts(plan), ...(plan.choices.identity === 'token' ? remarksOnSecrets(plan) : [])];
}

/** A formation that names a context which this machine does not have may be meant for another cluster. */
function otherContexts({ scopes, choices }: SetupPlan): string[] {
  if (choices.contexts.length > 0) return [];
  const deployers = scopes.flatMap(scope => scope.deployers);
  return deployers
    .filter(({ jobContext, context }) => jobContext !== undefined && jobContext !== context.name)
    .map(
      ({ jobContext = '', context }) =>
        `this machine has no context ${quote(jobContext)}, which the formation names, so the current one is taken, ${quote(context.name)}`,
    );
}

function remarksOnSecrets({ scopes, repository }: SetupPlan): string[] {
  const servers = new Map(
    scopes.flatMap(({ deployers }) => deployers.map(({ context }) => [context.name, context.server])),
  );
  return [
    ...[...servers]
      .filter(([, server]) => isLocal(server))
      .map(
        ([name, server]) =>
          `the context ${quote(name)} reaches its cluster at ${quote(server)}, which only a runner on this machine can`,
      ),
    ...scopes.flatMap(({ purpose, environment }) => exposure(purpose, environment, nameOf(repository))),
  ];
}

/** Who can read what the secret opens. */
function exposure({ name, secret }: Purpose, environment: string | undefined, repository: string): string[] {
  if (name !== 'deploy')
    return [
      `everyone who can push a branch to ${quote(repository)} can read ${secret}, and with it what its Role may read: docs/rights.md says what that is`,
    ];
  return environment === undefined
    ? [
        `${secret} becomes a secret of the whole repository ${quote(repository)}, which every branch that someone can push may read; give the destinations an "environment"`,
      ]
    : [];
}

function isLocal(server: string): boolean {
  return /^https?:\/\/(?:localhost|127\.|\[::1\]|0\.0\.0\.0)/.test(server);
}
