import { posix } from 'node:path';
import { type RuleInputs, readRuleInputs } from '@slipway/action-kit';
import { quote } from '@slipway/core';
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
  const applications = [...new Set(reader.list('application').map(path => posix.normalize(path)))];
  const manifests = reader.list('manifests');
  if (manifests.length > 0 && applications.length > 1)
    reader.problem('application', 'names several files beside "manifests"', 'remove one of the two inputs');
  return {
    applications: applications.length === 0 ? ['slipway.yaml'] : applications,
    manifests,
    rules: readRuleInputs(reader, { KUBERNETES_VERSIONS, minorVersionOf, requirePacks }),
    ignore: readIgnored(reader),
    comment: reader.choice('comment', ['on-change', 'always', 'never'], 'on-change'),
    status: reader.flag('status', true),
    token: reader.text('token'),
  };
}

function readIgnored(reader: InputReader): readonly string[] {
  const paths = reader.list('ignore');
  for (const path of paths)
    if (!/[^.[\]\s]/.test(path))
      reader.problem(
        'ignore',
        `has ${quote(path)}, which names no field`,
        'write a path such as spec.replicas',
      );
  return paths;
}
