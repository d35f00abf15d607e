import type { InputReader, PostStep, Runner } from '@slipway/github';

export const STEP_NAMES = ['build', 'render', 'check', 'deploy', 'verify'] as const;
export type StepName = (typeof STEP_NAMES)[number];

/** What an action's package exports. */
export interface StepModule {
  readInputs(reader: InputReader): unknown;
  /** Takes what the same module's `readInputs` returned; nobody looks into it in between. */
  run(inputs: unknown, runner: Runner): Promise<void>;
  /** Tells what would be in its way, before any step runs. */
  check?(inputs: never, runner: Runner): Promise<void>;
  /** Puts in order what a killed run left. */
  readonly post?: PostStep<never>;
}

export interface Step {
  readonly name: StepName;
  readonly module: StepModule;
}

/** Each step is a chunk of the bundle of its own, read only where the step is wanted. */
const loaders: Readonly<Record<StepName, () => Promise<StepModule>>> = {
  build: () => import('@slipway/action-build-retag'),
  render: () => import('@slipway/action-render-stencil'),
  check: () => import('@slipway/action-policy-check'),
  deploy: () => import('@slipway/action-deploy'),
  verify: () => import('@slipway/action-verify-rollout'),
};

export async function loadStep(name: StepName): Promise<Step> {
  return { name, module: await loaders[name]() };
}
