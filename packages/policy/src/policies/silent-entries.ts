import { type Finding, nearest, parsePointer, quote } from '@slipway/core';
import { findingAt } from '../findings.ts';
import { API_GROUP, BINDING, POLICY } from '../resources/kinds.ts';
import type { Catalog } from '../schemas/catalog.ts';
import { explainUnknownKind } from '../schemas/unknown-kind.ts';
import type { Entry, ReadBinding, ReadPolicy } from './read-resource.ts';
import { unknownResources } from './unknown-resources.ts';

/** What the rules of a policy or binding name and Kubernetes does not have: an API server takes it, and guards nothing. */
export function coversNothing(read: ReadPolicy | ReadBinding, catalog: Catalog): readonly Finding[] {
  const { document, object, name, spec, problems } = read;
  if (problems.length > 0) return [];
  const [field, match] =
    'policyName' in spec
      ? ['matchResources', spec.matchResources]
      : ['matchConstraints', 'matchConstraints' in spec ? spec.matchConstraints : undefined];
  const path = ['spec', field, 'resourceRules'];
  return unknownResources(match?.resourceRules, path, catalog).map(({ path: at, message, fix }) =>
    findingAt(
      document.positionOf(at),
      {
        rule: 'policy/unknown-resource',
        severity: 'warning',
        message: `${object.kind} ${quote(name)}: ${message}`,
        fix,
        subject: [object.kind, name, ...at],
      },
      {},
    ),
  );
}

/**
 * An object beside the policies that is neither a parameter nor of a kind that is known: a policy whose kind is misspelt is an error, and
 * one that another project reads a warning, as both guard nothing here.
 */
export function strangeEntry(
  { document, object }: Entry,
  parameters: ReadonlySet<string | undefined>,
  catalog: Catalog,
): readonly Finding[] {
  const { apiVersion, kind, metadata } = object;
  if (catalog.find(apiVersion, kind) !== undefined || parameters.has(kind)) return [];
  const { severity, message, fix, pointer } = explainUnknownKind(apiVersion, kind, catalog);
  const meant = nearest(kind, [POLICY, BINDING]);
  const subject = [kind, metadata.name];
  if (severity === 'error' || meant !== undefined)
    return [
      findingAt(
        document.positionOf(parsePointer(pointer)),
        {
          rule: 'policy/invalid',
          severity: 'error',
          message: severity === 'error' ? message : `there is no ${quote(kind)} of ${quote(apiVersion)}`,
          fix: meant === undefined ? fix : `write a ${meant} of ${API_GROUP}/v1`,
          subject,
        },
        {},
      ),
    ];
  return [
    findingAt(
      document.positionOf(['kind']),
      {
        rule: 'policy/unused',
        severity: 'warning',
        message: `${kind} ${quote(metadata.name)} of ${quote(apiVersion)} is not a policy that is read here, nor of the paramKind of one`,
        fix: 'write it as a ValidatingAdmissionPolicy, or move the file elsewhere',
        subject,
      },
      {},
    ),
  ];
}
