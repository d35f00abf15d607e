import type { InputReader, PostStep, Runner } from '@slipway/github';

/** What an action's package exports. */
export interface ActionModule {
  readInputs(reader: InputReader): unknown;
  /** Takes what the same module's `readInputs` returned; no one else looks into it. */
  run(inputs: unknown, runner: Runner): Promise<void>;
  /** Reports what would prevent the action from running, before any step runs. */
  check?(inputs: never, runner: Runner): Promise<void>;
  /** Cleans up what a killed run left behind. */
  readonly post?: PostStep<never>;
}

/** Each action by its folder: a chunk of the bundle, which is loaded only where the action runs. */
const ACTIONS = {
  'build-retag': () => import('@slipway/action-build-retag'),
  'render-stencil': () => import('@slipway/action-render-stencil'),
  'policy-check': () => import('@slipway/action-policy-check'),
  deploy: () => import('@slipway/action-deploy'),
  'verify-rollout': () => import('@slipway/action-verify-rollout'),
  'pull-request': () => import('@slipway/action-pull-request'),
} as const;

export type ActionName = keyof typeof ACTIONS;

/** The steps of the root action in the order in which they run, and the action that each one is. */
export const STEP_ACTIONS = {
  build: 'build-retag',
  render: 'render-stencil',
  check: 'policy-check',
  plan: 'deploy',
  deploy: 'deploy',
  verify: 'verify-rollout',
} as const satisfies Readonly<Record<string, ActionName>>;

export type StepName = keyof typeof STEP_ACTIONS;
export const STEP_NAMES = Object.keys(STEP_ACTIONS) as readonly StepName[];
/** Those that run where none is named: a plan is for a job that deploys nothing. */
export const DEFAULT_STEPS = STEP_NAMES.filter(name => name !== 'plan');

export interface Step {
  readonly name: StepName;
  readonly module: ActionModule;
}

export async function loadAction(name: ActionName): Promise<ActionModule> {
  return await (ACTIONS[name] satisfies () => Promise<ActionModule>)();
}

export async function loadStep(name: StepName): Promise<Step> {
  return { name, module: await loadAction(STEP_ACTIONS[name]) };
}
