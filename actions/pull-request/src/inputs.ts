import { posix } from 'node:path';
import { type RuleInputs, readRuleInputs } from '@slipway/action-kit';
import { count, quote } from '@slipway/core';
import type { InputReader } from '@slipway/github';
import { KUBERNETES_VERSIONS, minorVersionOf, requirePacks } from '@slipway/policy';
import { isFieldPath } from '@slipway/review';

export interface Inputs {
  /** Paths of slipway.yaml. */
  readonly applications: readonly string[];
  /** Plain files, folders and globs; none for what the applications render. */
  readonly manifests: readonly string[];
  /** The name of the status and of the comment; empty for that of the application, or `manifests`. */
  readonly name: string;
  readonly rules: RuleInputs;
  /** Fields whose changes are left out. */
  readonly ignore: readonly string[];
  /** Where the verdicts of each application are; none if it is not asked what last passed. */
  readonly registries: readonly string[];
  /** Registries, as `host:port`, that are reached without TLS. */
  readonly plainHttpRegistries: readonly string[];
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
    name: readName(reader, applications),
    applications: applications.length === 0 ? ['slipway.yaml'] : applications,
    manifests,
    rules: readRuleInputs(reader, { KUBERNETES_VERSIONS, minorVersionOf, requirePacks }),
    ignore: readIgnored(reader),
    registries: readRegistries(reader, { applications, manifests }),
    plainHttpRegistries: reader.list('plain-http-registries'),
    comment: reader.choice('comment', ['on-change', 'always', 'never'], 'on-change'),
    status: reader.flag('status', true),
    token: reader.text('token'),
  };
}

/** A name that GitHub shows as it is, and that no one has to quote. */
const STATUS_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,98}[A-Za-z0-9])?$/;

function readName(reader: InputReader, applications: readonly string[]): string {
  const name = reader.text('name');
  if (name !== '' && !STATUS_NAME.test(name))
    reader.problem('name', `is ${quote(name)}`, 'use letters, digits, "-", ".", "_" and "/", at most 100');
  if (name !== '' && applications.length > 1)
    reader.problem('name', 'names several applications at once', 'remove it: each has a name of its own');
  return name;
}

function readIgnored(reader: InputReader): readonly string[] {
  const paths = reader.list('ignore');
  for (const path of paths)
    if (!isFieldPath(path))
      reader.problem(
        'ignore',
        `has ${quote(path)}, which names no field`,
        'write a path such as spec.replicas',
      );
  return paths;
}

/** One registry for each application, in their order, or one for all of them. */
function readRegistries(
  reader: InputReader,
  { applications, manifests }: Pick<Inputs, 'applications' | 'manifests'>,
): readonly string[] {
  const registries = reader.list('registry');
  if (registries.length > 0 && manifests.length > 0)
    reader.problem(
      'registry',
      'is for what applications render, and "manifests" is set',
      'remove one of the two inputs',
    );
  const [first] = registries;
  const number = Math.max(1, applications.length);
  if (first === undefined || registries.length === number) return registries;
  if (registries.length === 1) return Array.from({ length: number }, () => first);
  reader.problem(
    'registry',
    `has ${registries.length} registries for ${count(number, 'application')}`,
    'name one for each application, in their order, or one for all',
  );
  return [];
}
