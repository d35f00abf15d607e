import type { Runner } from '@slipway/github';
import type { Base } from './base/base.ts';
import type { History } from './base/history.ts';
import type { Inputs } from './inputs.ts';
import type { ExtraRules } from './rules/extra-rules.ts';

/** What every target is made with. */
export interface TargetContext {
  readonly inputs: Inputs;
  readonly base: Base | undefined;
  /** Opened when it is first asked for. */
  readonly history: () => Promise<History>;
  /** What the inputs add to the rules, of the checkout and of the base. */
  readonly extra: { readonly own: ExtraRules; readonly base?: ExtraRules };
  readonly runner: Runner;
}
