import { formatPointer, type JsonObject } from '@slipway/core';
import { isDefinition } from '@slipway/kubernetes';
import { checkRules } from '../custom-resources/check-rules.ts';
import { compileRules, type RuleNode } from '../custom-resources/rules.ts';
import { type Discovery, relatedAt } from '../findings.ts';
import type { Subject } from '../subject.ts';
import { minorOf } from './built-in.ts';
import type { Catalog } from './catalog.ts';
import { checkWholeDefinition } from './definition.ts';
import { nullProblems } from './nulls.ts';
import { scaleProblems } from './scale.ts';
import type { KindSchema } from './schema.ts';
import { explainUnknownKind } from './unknown-kind.ts';
import { validateObject } from './validate.ts';

/** How an object violates its schema, including the rules of a custom resource. */
export function checkSchema(subject: Subject, catalog: Catalog): Discovery[] {
  const { object, admitted } = subject.checked;
  // An object that the API server admitted has passed its schema.
  if (admitted !== undefined) return [];
  const minor = minorOf(catalog.version);
  const kind = catalog.find(object.apiVersion, object.kind);
  if (kind === undefined) return [explainUnknownKind(object.apiVersion, object.kind, catalog)];
  const problems = [...validateObject(object, kind, minor), ...scaleProblems(object, kind)];
  const reported = new Set(problems.map(({ path }) => formatPointer(path)));
  const nulls = nullProblems(object, kind).filter(({ path }) => !reported.has(formatPointer(path)));
  const found = [...problems, ...nulls].map(({ path, other, unmergeable: _, ...problem }): Discovery => {
    return {
      ...problem,
      severity: 'error',
      pointer: formatPointer(path),
      ...relatedAt(other, subject.checked),
    };
  });
  if (found.length > 0) return found;
  return isDefinition(object) ? checkWholeDefinition(object, catalog) : checkRulesOf(kind, subject, minor);
}

/** As in an API server, rules are evaluated only for objects that pass the schema. */
function checkRulesOf({ source }: KindSchema, { view, old }: Subject, minor: number): Discovery[] {
  const root = source === undefined ? undefined : rulesOf(source, minor);
  return root === undefined ? [] : checkRules(root, view, old);
}

const compiled = new WeakMap<JsonObject, Map<number, RuleNode | undefined>>();

function rulesOf(source: JsonObject, minor: number): RuleNode | undefined {
  const byMinor = compiled.get(source) ?? new Map<number, RuleNode | undefined>();
  compiled.set(source, byMinor);
  if (!byMinor.has(minor)) byMinor.set(minor, compileRules(source, minor).root);
  return byMinor.get(minor);
}
