import { formatPointer, isJsonObject, type JsonObject, type JsonValue, type Path } from '@slipway/core';
import type { Discovery } from '../findings.ts';
import { checkDefinitionFields } from './definition-fields.ts';
import { checkKeywords } from './keywords.ts';
import { below, inside, type Report } from './report.ts';
import { compileRules } from './rules.ts';
import { checkStructure } from './structure.ts';
import { checkVersion } from './version-fields.ts';

/**
 * Why an API server would reject a CustomResourceDefinition: its names and versions, schemas that are not structural, or rules that do
 * not compile. Defaults are looked at elsewhere.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apis/apiextensions/validation/validation.go
 */
export function checkDefinition(definition: JsonObject, minor: number): Discovery[] {
  const found: Discovery[] = [];
  const report: Report = (message, path) => {
    const isRule = path.at(-3) === 'x-kubernetes-validations';
    found.push(problem(isRule ? 'schema/invalid-rule' : 'schema/invalid-definition', message, path));
  };
  checkDefinitionFields(definition, report);
  const schemas = schemasOf(definition, report);
  if (found.length > 0) return found;
  return schemas.flatMap(([root, at]) =>
    compileRules(root, minor).problems.map(({ message, path }) =>
      problem('schema/invalid-rule', message, [...at, ...path]),
    ),
  );
}

/** The schemas of all versions, each checked, with their paths. */
function schemasOf(definition: JsonObject, report: Report): (readonly [JsonObject, Path])[] {
  const spec = inside(definition['spec']);
  const versions = Array.isArray(spec['versions']) ? spec['versions'] : [];
  return versions.flatMap((version: JsonValue, index) => {
    const at = ['spec', 'versions', index];
    if (!isJsonObject(version)) return [];
    checkVersion(version, below(report, at));
    const root = inside(version['schema'])['openAPIV3Schema'];
    if (!isJsonObject(root)) {
      report('this version has no schema', at);
      return [];
    }
    const path = [...at, 'schema', 'openAPIV3Schema'];
    checkStructure(root, below(report, path));
    checkKeywords(root, below(report, path));
    return [[root, path] as const];
  });
}

function problem(rule: string, message: string, path: Path): Discovery {
  const fix = 'correct it; Kubernetes would reject the definition too';
  return { rule, severity: 'error', message, fix, pointer: formatPointer(path) };
}
