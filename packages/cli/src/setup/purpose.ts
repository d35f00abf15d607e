import {
  DEPLOYER,
  DEPLOYER_RULES,
  PLANNER,
  PLANNER_RULES,
  type RoleRule,
  STEPS_RULES,
  VIEWER,
  VIEWER_RULES,
} from '@slipway/kubernetes';
import type { SetupTarget } from './targets.ts';

export const PURPOSES = ['deploy', 'status', 'plan'] as const;

/** What a kubeconfig is for: whose it is, what it may do, and which secret it becomes. */
export interface Purpose {
  readonly name: (typeof PURPOSES)[number];
  /** The name of the account, of its Role and of the binding. */
  readonly account: string;
  readonly rules: readonly RoleRule[];
  /** What it may do besides in a namespace where releases go in steps. */
  readonly stepsRules: readonly RoleRule[];
  /** A right of the Role, as kubectl asks for it. */
  readonly sample: readonly [verb: string, resource: string];
  readonly secret: string;
  /** The environment on GitHub that has the secret; undefined for the repository itself. */
  environmentOf(target: SetupTarget): string | undefined;
  /** The pattern of branches that the environment admits; undefined for the branch that is released. */
  readonly branch?: string;
}

export const DEPLOY: Purpose = {
  name: 'deploy',
  account: DEPLOYER,
  rules: DEPLOYER_RULES,
  stepsRules: STEPS_RULES,
  sample: ['create', 'deployments.apps'],
  secret: 'KUBECONFIG',
  environmentOf: ({ environment }) => environment,
};

/** A schedule looks at all formations in one job, which is in no environment. */
export const STATUS: Purpose = {
  name: 'status',
  account: VIEWER,
  rules: VIEWER_RULES,
  stepsRules: [],
  sample: ['list', 'deployments.apps'],
  secret: 'VIEWER_KUBECONFIG',
  environmentOf: () => undefined,
};

/** https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#deployment-branches-and-tags */
export const PLAN: Purpose = {
  name: 'plan',
  account: PLANNER,
  rules: PLANNER_RULES,
  stepsRules: [],
  sample: ['list', 'deployments.apps'],
  secret: 'PLANNER_KUBECONFIG',
  environmentOf: ({ formation }) => `${formation}-plan`,
  branch: 'refs/pull/*/merge',
};

export function purposeNamed(name: string): Purpose | undefined {
  return [DEPLOY, STATUS, PLAN].find(purpose => purpose.name === name);
}
