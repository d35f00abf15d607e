import { type CelType, compileExpression, dynType, ExpressionProblem } from '@slipway/cel';
import type { Path } from '@slipway/core';
import { apiGroup } from '@slipway/kubernetes';
import type { PolicySpec, ResourceRule } from '../resources/types.ts';
import type { Catalog } from '../schemas/catalog.ts';
import type { KindSchema } from '../schemas/schema.ts';
import { policyDeclarations } from './environment.ts';
import { typeOfKind } from './kind-type.ts';
import { lineAndColumn } from './line-and-column.ts';

/** An API server checks no more kinds for one rule. */
const MAX_KINDS = 10;

export interface TypeProblem {
  readonly message: string;
  /** The kinds whose schemas it does not fit, such as `Deployment of apps/v1`. */
  readonly kinds: readonly string[];
  /** The path of the expression in the policy. */
  readonly path: Path;
}

/**
 * What an API server would write into `status.typeChecking` of a policy: expressions that do not fit the schema of a kind that the
 * policy names without a wildcard. https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/policy/validating/typechecking.go
 */
export function checkTypes(spec: PolicySpec, catalog: Catalog, minor: number): TypeProblem[] {
  const kinds = kindsOf(spec, catalog);
  const expressions = (spec.validations ?? []).flatMap(({ expression, messageExpression = '' }, index) => {
    const path = ['spec', 'validations', index] as const;
    return [
      [expression, [...path, 'expression']] as const,
      ...(messageExpression === '' ? [] : [[messageExpression, [...path, 'messageExpression']] as const]),
    ];
  });
  const checkers = kinds.map(kind => new TypeChecker(kind, spec, catalog, minor));
  return expressions.flatMap(([expression, path]) => {
    const kindsByMessage = new Map<string, string[]>();
    for (const checker of checkers) {
      const message = checker.problemOf(expression);
      if (message !== undefined)
        kindsByMessage.set(message, [...(kindsByMessage.get(message) ?? []), checker.name]);
    }
    return [...kindsByMessage].map(([message, kinds]) => ({
      path,
      kinds,
      message: `of ${kinds.join(', ')}: ${message}`,
    }));
  });
}

class TypeChecker {
  readonly name: string;
  readonly #extras: Parameters<typeof policyDeclarations>[1];
  readonly #minor: number;

  constructor(kind: KindSchema, spec: PolicySpec, catalog: Catalog, minor: number) {
    this.name = `${kind.kind} of ${kind.apiVersion}`;
    this.#minor = minor;
    const { paramKind, variables = [] } = spec;
    const params = catalog.find(paramKind?.apiVersion ?? '', paramKind?.kind ?? '');
    const types: Record<string, CelType> = {};
    this.#extras = {
      params: paramKind !== undefined,
      paramsType: params === undefined ? dynType : typeOfKind(params),
      objectType: typeOfKind(kind),
      authorizer: true,
      variables: types,
    };
    for (const { name, expression } of variables) types[name] = this.#typeOf(expression);
  }

  problemOf(expression: string): string | undefined {
    try {
      this.#compile(expression);
      return undefined;
    } catch (error) {
      if (!(error instanceof ExpressionProblem)) throw error;
      return `${error.message} (at ${lineAndColumn(expression, error.offset)} of the expression)`;
    }
  }

  #typeOf(expression: string): CelType {
    try {
      return this.#compile(expression);
    } catch (error) {
      if (!(error instanceof ExpressionProblem)) throw error;
      return dynType;
    }
  }

  #compile(expression: string): CelType {
    return compileExpression(expression, policyDeclarations(this.#minor, this.#extras)).type;
  }
}

function kindsOf({ matchConstraints }: PolicySpec, catalog: Catalog): KindSchema[] {
  const found = new Set((matchConstraints?.resourceRules ?? []).flatMap(rule => kindsOfRule(rule, catalog)));
  return [...found].sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
}

function kindsOfRule(rule: ResourceRule, catalog: Catalog): KindSchema[] {
  const { apiGroups = [], apiVersions = [] } = rule;
  if ([...apiGroups, ...apiVersions].some(name => name.includes('*'))) return [];
  const resources = (rule.resources ?? []).filter(name => !/[*/]/.test(name));
  const named = catalog.kinds.filter(
    ({ apiVersion, plural }) =>
      resources.includes(plural) &&
      apiGroups.includes(apiGroup(apiVersion)) &&
      apiVersions.includes(apiVersion.slice(apiVersion.indexOf('/') + 1)),
  );
  return named.filter(({ schema }) => schema.form === 'object').slice(0, MAX_KINDS);
}

function sortKey({ apiVersion, kind }: KindSchema): string {
  return `${apiGroup(apiVersion)} ${apiVersion} ${kind}`;
}
