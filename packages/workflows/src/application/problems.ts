import { defined, isName, nearest, type Problem, quote } from '@slipway/core';
import type { WorkflowErrorCode } from '../error-codes.ts';
import {
  type Application,
  destinationsOf,
  environmentsOf,
  type Formation,
  secretsOf,
  sopsVariablesOf,
  targetsOf,
} from './application.ts';
import type { WorkflowSettings } from './settings.ts';
import { asFormation } from './spawned.ts';
import { spawnedProblems } from './spawned-problems.ts';

type Found = Problem<WorkflowErrorCode>;

/**
 * The most jobs that the matrices of one run have.
 * https://docs.github.com/en/actions/reference/limits
 */
export const MAX_MATRIX = 256;

/**
 * Names of environments that are written into expressions: GitHub takes more, but none of these characters ends a text, an expression or a
 * line, whoever reads it.
 */
const ENVIRONMENT = /^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,253}[A-Za-z0-9]$|^[A-Za-z0-9]$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
/**
 * What the runner, Node.js and the shell use themselves, and what logins set for the steps after them; GitHub has no secrets with the first
 * of these prefixes.
 */
const RESERVED =
  /^(?:(?:GITHUB|RUNNER|ACTIONS|INPUT|NODE|LD|DYLD)_.*|CI|PATH|HOME|SHELL|BASH_ENV|ENV|IFS|KUBECONFIG|DOCKER_CONFIG)$/i;
const REGISTRY = /^[a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9._/-]+)+$/;
const BRANCH = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/;
/** What Git refuses in a name: https://git-scm.com/docs/git-check-ref-format */
const NO_REFERENCE = /\.\.|\/\/|\/\.|[./]$|\.lock(?:\/|$)/;
const LABEL = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Everything for which no workflow can be written, or only one that does something else than it says. */
export function problemsOf(application: Application, settings: WorkflowSettings): Found[] {
  return [
    ...settingProblems(settings),
    ...nameProblems(application),
    ...promotionProblems(application.formations),
    ...sizeProblems(application),
    ...environmentProblems(everyFormation(application)),
    ...deploymentProblems(application.formations, settings),
    ...decisionProblems(application.formations),
    ...secretProblems(everyFormation(application)),
    ...spawnedProblems(application, settings),
  ];
}

/** The spawned ones as well. */
function everyFormation({ formations, spawned = [] }: Application): Formation[] {
  return [...formations, ...spawned.map(one => asFormation(one))];
}

function settingProblems({ branch, runsOn, version }: WorkflowSettings): Found[] {
  const settings: [name: string, value: string, pattern: RegExp][] = [
    ['branch', branch, BRANCH],
    ['runs-on', runsOn, LABEL],
    ['version', version, BRANCH],
  ];
  return settings
    .filter(([, value, pattern]) => !pattern.test(value) || (pattern === BRANCH && NO_REFERENCE.test(value)))
    .map(([name, value]) => ({
      code: 'workflow-setting-invalid',
      message: `the setting "${name}" is ${quote(value)}`,
      remedy: 'use letters, digits, ".", "_" and "-", and in a branch "/", in a name that Git takes',
    }));
}

/** The names are checked where files are read, too; here is where they become part of a program. */
function nameProblems(application: Application): Found[] {
  const { name, path, registry, spawned = [] } = application;
  const formations = everyFormation(application);
  const names: [what: string, text: string, isFine: boolean, at: Formation['at']][] = [
    ['application', name, isName(name), undefined],
    ['path', path, isPlainPath(path), undefined],
    ['registry', registry, REGISTRY.test(registry), undefined],
    ...spawned.map((one): [string, string, boolean, Formation['at']] => [
      'registry',
      one.registry,
      REGISTRY.test(one.registry),
      one.at,
    ]),
    ...formations.map(formation => nameOf('formation', formation.name, formation)),
    ...formations.flatMap(formation =>
      destinationsOf(formation).map(destination => nameOf('destination', destination.name, formation)),
    ),
  ];
  return names
    .filter(([, , isFine]) => !isFine)
    .map(([what, text, , at]) => ({
      code: 'workflow-name-invalid',
      at,
      message: `the ${what} ${quote(text)} cannot be written into a workflow`,
      remedy: 'rename it: lower-case letters, digits and "-", and in a path also "/", "." and "_"',
    }));
}

function nameOf(what: string, name: string, { at }: Formation): [string, string, boolean, Formation['at']] {
  return [what, name, isName(name), at];
}

function isPlainPath(path: string): boolean {
  return /^[A-Za-z0-9._][A-Za-z0-9._/-]*$/.test(path) && !path.split('/').includes('..');
}

function promotionProblems(formations: readonly Formation[]): Found[] {
  const names = formations.map(({ name }) => name);
  return formations.flatMap((formation): Found[] => {
    const { promotedFrom, name, at } = formation;
    if (promotedFrom === undefined) return [];
    if (!names.includes(promotedFrom)) return [promotionUnknown(promotedFrom, formation, names)];
    if (isReached(formation, formations)) return [];
    return [
      {
        code: 'workflow-promotion-circular',
        at,
        message: `no push ever reaches the formation ${quote(name)}: following promoted-from, it is promoted from itself`,
        remedy: 'remove promoted-from from one of these formations',
      },
    ];
  });
}

function promotionUnknown(promotedFrom: string, { name, at }: Formation, names: readonly string[]): Found {
  const others = names.filter(other => other !== name);
  const candidate = nearest(promotedFrom, others);
  const choice = others.length === 0 ? 'remove promoted-from' : `choose one of ${others.join(', ')}`;
  return {
    code: 'workflow-promotion-unknown',
    ...defined({ at }),
    message: `the formation ${quote(name)} is promoted from ${quote(promotedFrom)}, which does not exist`,
    remedy: candidate === undefined ? choice : `did you mean ${quote(candidate)}?`,
  };
}

function isReached(formation: Formation, formations: readonly Formation[]): boolean {
  const seen = new Set<string>();
  let current: Formation | undefined = formation;
  while (current?.promotedFrom !== undefined && !seen.has(current.name)) {
    seen.add(current.name);
    const from: string = current.promotedFrom;
    current = formations.find(({ name }) => name === from);
  }
  // A formation that is promoted from a missing one has a problem of its own.
  return current === undefined || !seen.has(current.name);
}

function sizeProblems({ name, formations }: Application): Found[] {
  if (formations.length === 0)
    return [
      {
        code: 'workflow-formation-missing',
        message: `the application ${quote(name)} has no formation with destinations, so there is nothing to release to`,
        remedy: 'add formations/<name>.yaml',
      },
    ];
  const sizes = formations.map(formation => ({ formation, count: destinationsOf(formation).length }));
  const large = sizes.filter(({ count }) => count > MAX_MATRIX);
  const total = sizes.reduce((sum, { count }) => sum + count, 0);
  if (large.length === 0 && total > MAX_MATRIX)
    return [tooLarge(`the formations of ${quote(name)} have ${total} destinations`, 'application')];
  return large.map(({ formation, count }) => ({
    ...tooLarge(`the formation ${quote(formation.name)} has ${count} destinations`, 'formation'),
    ...defined({ at: formation.at }),
  }));
}

function tooLarge(what: string, whole: string): Found {
  return {
    code: 'workflow-too-large',
    message: `${what}, and the matrices of a workflow on GitHub have at most ${MAX_MATRIX} jobs`,
    remedy: `split the ${whole} into several`,
  };
}

function environmentProblems(formations: readonly Formation[]): Found[] {
  const targets = formations.flatMap(targetsOf).filter(({ environment }) => environment !== '');
  const valid = environmentsOf(formations).filter(name => ENVIRONMENT.test(name));
  return [
    ...targets
      .filter(({ environment }) => !ENVIRONMENT.test(environment))
      .map(
        ({ environment, formation, destination }): Found => ({
          code: 'workflow-environment-invalid',
          message: `the environment ${quote(environment)} of ${quote(`${formation}/${destination}`)} cannot be written into a workflow`,
          remedy:
            'use at most 255 letters, digits, spaces, ".", "_", "/" and "-", with a letter or digit at both ends',
        }),
      ),
    ...ambiguous(valid).map(
      ([one, other]): Found => ({
        code: 'workflow-environment-ambiguous',
        message: `the environments ${quote(one)} and ${quote(other)} are one environment for GitHub, which ignores case`,
        remedy: 'write them alike, or give one of them another name',
      }),
    ),
  ];
}

/** A job without an environment has no record at GitHub; one of a matrix would have an environment without a name. */
function deploymentProblems(
  formations: readonly Formation[],
  { deployments, target }: WorkflowSettings,
): Found[] {
  if (deployments === 'github') return [];
  const targets = formations.flatMap(targetsOf);
  const without = targets.filter(({ environment }) => environment === '');
  return [
    ...(target === 'github' ? [] : [exactUnknown()]),
    ...(without.length === targets.length ? [] : without).map(
      ({ formation, destination }): Found => ({
        code: 'workflow-environment-missing',
        message: `the destination ${quote(`${formation}/${destination}`)} names no environment, and others do`,
        remedy: 'give it an environment, or leave out --exact-deployments',
      }),
    ),
  ];
}

/** Decisions have environments of their own, named after that of the destination. */
function decisionProblems(formations: readonly Formation[]): Found[] {
  const waiting = formations.filter(({ steps }) => (steps?.pauses.length ?? 0) > 0);
  const together = formations.some(({ promotedFrom, steps }) => promotedFrom === undefined && steps)
    ? formations.filter(({ promotedFrom }) => promotedFrom === undefined)
    : [];
  const groups = [together, ...waiting.filter(formation => !together.includes(formation)).map(one => [one])];
  const without = groups.flatMap(group => {
    const targets = group.flatMap(targetsOf);
    const unnamed = targets.filter(({ environment }) => environment === '');
    return unnamed.length === targets.length ? [] : unnamed;
  });
  const all = environmentsOf(formations);
  const taken = environmentsOf(waiting)
    .flatMap(name => [`${name}-decide`, `${name}-home`])
    .filter(name => all.some(other => other.toLowerCase() === name.toLowerCase()));
  return [
    ...without.map(
      ({ formation, destination }): Found => ({
        code: 'workflow-environment-missing',
        message: `the destination ${quote(`${formation}/${destination}`)} names no environment, and others do, although a release waits for decisions in them`,
        remedy: 'give it an environment',
      }),
    ),
    ...taken.map(
      (name): Found => ({
        code: 'workflow-environment-ambiguous',
        message: `the environment ${quote(name)} of a destination is also the one in which a release in steps is decided about or taken back`,
        remedy: 'give the destination an environment of another name',
      }),
    ),
  ];
}

function exactUnknown(): Found {
  return {
    code: 'workflow-setting-invalid',
    message: 'the setting "deployments" is "exact", which GitHub Enterprise Server does not have',
    remedy: 'leave out --exact-deployments, or --ghes',
  };
}

function secretProblems(formations: readonly Formation[]): Found[] {
  const secrets = secretsOf(formations);
  const { variables, sops, vault, sopsKeys = [], aws = [], gcp = [], azure = [] } = secrets;
  const reserved = variables.filter(name => !VARIABLE.test(name) || RESERVED.test(name));
  const lines = [...sops, ...vault, ...sopsKeys, ...aws, ...gcp, ...azure];
  const paths = lines.filter(path => path.includes('${{') || /[\n\r]/.test(path));
  return [
    ...reserved.map(
      (name): Found => ({
        code: 'workflow-variable-reserved',
        message: `a secret is taken from the variable ${quote(name)}, which a workflow must not set`,
        remedy: 'give the variable another name in the config',
      }),
    ),
    ...ambiguous([...new Set([...variables, ...sopsVariablesOf(secrets)])]).map(
      ([one, other]): Found => ({
        code: 'workflow-variable-ambiguous',
        message: `the variables ${quote(one)} and ${quote(other)} are one secret for GitHub, which ignores case`,
        remedy: 'write them alike, or give one of them another name',
      }),
    ),
    ...paths.map(
      (path): Found => ({
        code: 'workflow-name-invalid',
        message: `the path ${quote(path)} cannot be written into a workflow`,
        remedy: 'rename it: GitHub would evaluate "${{" as an expression',
      }),
    ),
  ];
}

/** Pairs of names that differ in nothing but their case. */
function ambiguous(names: readonly string[]): [one: string, other: string][] {
  const spellings = new Map<string, string>();
  return names.flatMap((name): [string, string][] => {
    const other = spellings.get(name.toLowerCase());
    spellings.set(name.toLowerCase(), name);
    return other === undefined ? [] : [[other, name]];
  });
}
