import { type RuleInputs, readRuleInputs } from '@slipway/action-kit';
import type { InputReader } from '@slipway/github';
import { KUBERNETES_VERSIONS, minorVersionOf, requirePacks } from '@slipway/policy';

export interface Inputs {
  /** Paths of slipway.yaml. */
  readonly applications: readonly string[];
  /** Plain files, folders and globs; none for what the applications render. */
  readonly manifests: readonly string[];
  readonly rules: RuleInputs;
  /** Fields whose changes are left out. */
  readonly ignore: readonly string[];
  readonly comment: 'on-change' | 'always' | 'never';
  /** Whether to set the commit status. */
  readonly status: boolean;
  /** For GitHub's API; empty without one. */
  readonly token: string;
}

export function readInputs(reader: InputReader): Inputs {
  const applications = reader.list('application');
  const manifests = reader.list('manifests');
  return {
    applications: applications.length === 0 ? ['slipway.yaml'] : [...new Set(applications)],
    manifests,
    rules: readRuleInputs(reader, { KUBERNETES_VERSIONS, minorVersionOf, requirePacks }),
    ignore: reader.list('ignore'),
    comment: reader.choice('comment', ['on-change', 'always', 'never'], 'on-change'),
    status: reader.flag('status', true),
    token: reader.text('token'),
  };
}
