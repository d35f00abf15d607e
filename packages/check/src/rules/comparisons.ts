import {
  type Check,
  comparisonWarnings,
  didYouMean,
  type Finding,
  quote,
  type Severity,
  stepsOf,
  valueAt,
  workloadsNamedBy,
} from '@slipway/core';
import { type KubernetesObject, kindKey } from '@slipway/kubernetes';
import type { FormationFile, ManifestObject } from '@slipway/render';
import { beyondSteps, checkProblems, mayGoInSteps, unjudged } from '@slipway/steps';
import { findingFor } from './finding-for.ts';

const PATH = ['spec', 'verify', 'checks'];

/**
 * Checks of a formation that cannot be asked in steps, and comparisons that are allowed and likely not meant, where they are written: in its
 * own file, or the one that it takes them from.
 */
export function comparisonFindings(file: FormationFile, manifests: readonly ManifestObject[]): Finding[] {
  const { formation, document, bases } = file;
  const documents = [document, ...bases.map(base => base.document)];
  const written = documents.find(({ value }) => valueAt(value, PATH) !== undefined) ?? document;
  const checks = formation.spec.verify?.checks ?? [];
  const objects = manifests.map(({ object }) => object);
  const warnings = comparisonWarnings(checks, path => written.positionOf([...PATH, ...path]));
  const found = [
    ...warnings.map(warning => ({ ...warning, rule: 'comparison', severity: 'warning' as const })),
    ...checks.flatMap((check, index) =>
      saidOf(check, formation.spec.strategy, objects).map(said => ({
        ...said,
        at: written.positionOf([...PATH, index]),
      })),
    ),
  ];
  return found.map(({ rule, severity, message, remedy, at }) =>
    findingFor(`steps/${rule}`, severity, {
      ...{ message, at, subject: [formation.metadata.name, message] },
      ...(remedy === undefined ? {} : { remedy }),
    }),
  );
}

interface Said {
  readonly rule: 'check' | 'comparison';
  readonly severity: Severity;
  readonly message: string;
  readonly remedy?: string | undefined;
}

function saidOf(
  check: Check,
  given: FormationFile['formation']['spec']['strategy'],
  objects: readonly KubernetesObject[],
): Said[] {
  const strategy = stepsOf(given);
  if (strategy === undefined) return [];
  const wrong = ofNoWorkload(check, objects);
  const inSteps = mayGoInSteps(objects, strategy).workloads.map(({ object }) => object.metadata.name);
  const advice = wrong.length > 0 ? undefined : (beyondSteps(check, inSteps) ?? unjudged(check, strategy));
  return [
    ...checkProblems([check]).map(({ message, remedy }) => ({
      ...{ rule: 'check' as const, severity: 'error' as const, message, remedy },
    })),
    ...wrong,
    ...(advice === undefined
      ? []
      : [{ rule: 'comparison' as const, severity: 'warning' as const, ...advice }]),
  ];
}

/** A workload that the release does not have has no pods in either version. */
function ofNoWorkload(check: Check, objects: readonly KubernetesObject[]): Said[] {
  const known = objects
    .filter(object => kindKey(object) === 'Deployment.apps')
    .map(({ metadata }) => metadata.name);
  return (workloadsNamedBy(check) ?? [])
    .filter(name => !known.includes(name))
    .map(name => ({
      ...{ rule: 'check' as const, severity: 'error' as const },
      message: `check ${quote(check.name)} asks about the pods of ${quote(name)}, which is not a Deployment of the release`,
      remedy: didYouMean(name, known) || `name one of ${known.join(', ')}, or write \${pods}`,
    }));
}
