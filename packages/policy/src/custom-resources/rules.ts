import {
  boolType,
  type CelType,
  compileExpression,
  ExpressionProblem,
  embedded,
  expressionType,
  formatType,
  optionalOf,
  type Program,
  propertiesOf,
  stringType,
  withObjectFields,
} from '@slipway/cel';
import { defined, isJsonObject, type JsonObject, type JsonValue, type Path } from '@slipway/core';
import { findField } from './field-path.ts';

export interface Rule {
  readonly program: Program;
  readonly source: string;
  readonly message?: string;
  readonly messageProgram?: Program;
  readonly reason?: string;
  /** The path of what the rule finds, relative to the value that has the rule. */
  readonly fieldPath: Path;
  readonly usesOldSelf: boolean;
  readonly optionalOldSelf: boolean;
}

/** The rules of a schema and of its parts; undefined if there are none, so that objects need not be walked. */
export interface RuleNode {
  readonly schema: JsonObject;
  readonly rules: readonly Rule[];
  readonly properties: ReadonlyMap<string, RuleNode>;
  readonly values?: RuleNode;
  readonly items?: RuleNode;
  readonly allOf: readonly RuleNode[];
}

/** A rule that an API server would reject. */
export interface RuleProblem {
  readonly message: string;
  /** The path of the rule from the root of the schema. */
  readonly path: Path;
}

export interface CompiledRules {
  readonly root?: RuleNode;
  readonly problems: readonly RuleProblem[];
}

/** The `x-kubernetes-validations` of a structural schema, compiled. */
export function compileRules(schema: JsonObject, minor: number): CompiledRules {
  const compiler = new RuleCompiler(minor);
  const root = compiler.node(schema, ['self'], [], true);
  return { problems: compiler.problems, ...defined({ root }) };
}

class RuleCompiler {
  readonly problems: RuleProblem[] = [];
  readonly #minor: number;

  constructor(minor: number) {
    this.#minor = minor;
  }

  /**
   * @param at the path of the schema, from the root
   * @param correlatable whether a value there can be compared with its old value
   */
  node(source: JsonObject, names: readonly string[], at: Path, correlatable: boolean): RuleNode | undefined {
    // A rule sees the fields of every object beside those that are declared; their own rules are in the declared ones.
    const schema = at.length === 0 ? withObjectFields(source) : embedded(source);
    const rules = this.#rules(schema, names.join('.'), at);
    if (!correlatable) this.#refuseOldSelf(rules, at);
    const properties = new Map<string, RuleNode>();
    for (const [name, property] of Object.entries(propertiesOf(source))) {
      const node = this.node(property, [...names, name], [...at, 'properties', name], correlatable);
      if (node !== undefined) properties.set(name, node);
    }
    const values = this.#inside(schema, 'additionalProperties', names, at, correlatable);
    const isMap = schema['x-kubernetes-list-type'] === 'map';
    const items = this.#inside(schema, 'items', names, at, correlatable && isMap);
    const allOf = this.#allOf(schema, names, at);
    if (rules.length + properties.size + allOf.length === 0 && values === undefined && items === undefined)
      return undefined;
    return {
      ...{ schema, rules, properties, allOf },
      ...defined({ values, items }),
    };
  }

  #inside(
    schema: JsonObject,
    word: string,
    names: readonly string[],
    at: Path,
    correlatable: boolean,
  ): RuleNode | undefined {
    const inner = schema[word];
    if (!isJsonObject(inner)) return undefined;
    return this.node(inner, [...names, `@${word}`], [...at, word], correlatable);
  }

  #refuseOldSelf(rules: readonly Rule[], at: Path): void {
    const message =
      'oldSelf cannot be used in a list of type atomic or set, because its items have no old value';
    for (const [index, { usesOldSelf }] of rules.entries())
      if (usesOldSelf) this.#report(message, [...at, 'x-kubernetes-validations', index, 'rule']);
  }

  /** Within allOf a schema has no types of its own; rules see those of the schema around it. */
  #allOf(schema: JsonObject, names: readonly string[], at: Path): RuleNode[] {
    if (!Array.isArray(schema['allOf'])) return [];
    return schema['allOf'].filter(isJsonObject).flatMap((entry: JsonObject, index): RuleNode[] => {
      const typed = { ...schema, 'x-kubernetes-validations': entry['x-kubernetes-validations'] ?? [] };
      const rules = this.#rules(typed, names.join('.'), [...at, 'allOf', index]);
      return rules.length === 0 ? [] : [{ schema, rules, properties: new Map(), allOf: [] }];
    });
  }

  #rules(schema: JsonObject, name: string, at: Path): Rule[] {
    const list = schema['x-kubernetes-validations'];
    const rules = Array.isArray(list) ? list.filter(isJsonObject) : [];
    if (rules.length === 0) return [];
    const type = expressionType(schema, name);
    if (type === undefined) {
      this.#report('a rule needs a schema with a type', [...at, 'x-kubernetes-validations']);
      return [];
    }
    return rules.flatMap((rule, index) =>
      this.#rule(rule, schema, type, [...at, 'x-kubernetes-validations', index]),
    );
  }

  #rule(rule: JsonObject, schema: JsonObject, type: CelType, at: Path): Rule[] {
    const optionalOldSelf = rule['optionalOldSelf'] === true;
    const names = new Map([
      ['self', type],
      ['oldSelf', optionalOldSelf ? optionalOf(type) : type],
    ]);
    const source = textOf(rule['rule']) ?? '';
    if (source.trim() === '') return [];
    const program = this.#expression(source, names, boolType, [...at, 'rule']);
    const words = textOf(rule['messageExpression']);
    const messageProgram =
      words === undefined
        ? undefined
        : this.#expression(words, names, stringType, [...at, 'messageExpression']);
    const usesOldSelf = /\boldSelf\b/.test(withoutTexts(source));
    if (typeof rule['optionalOldSelf'] === 'boolean' && !usesOldSelf)
      this.#report('optionalOldSelf has no meaning in a rule without oldSelf', [...at, 'optionalOldSelf']);
    const fieldPath = findField(textOf(rule['fieldPath']) ?? '', schema)?.path ?? [];
    if (program === undefined) return [];
    const [message, reason] = [textOf(rule['message']), textOf(rule['reason'])];
    return [
      {
        ...{ program, source, fieldPath, usesOldSelf, optionalOldSelf },
        ...defined({ message, messageProgram, reason }),
      },
    ];
  }

  #expression(
    source: string,
    names: ReadonlyMap<string, CelType>,
    wanted: CelType,
    path: Path,
  ): Program | undefined {
    try {
      const program = compileExpression(source, { names, minor: this.#minor });
      if (formatType(program.type) === formatType(wanted)) return program;
      this.#report(`must evaluate to ${formatType(wanted)} but got ${formatType(program.type)}`, path);
    } catch (error) {
      if (!(error instanceof ExpressionProblem)) throw error;
      this.#report(`${error.message} (at character ${error.offset + 1} of the expression)`, path);
    }
    return undefined;
  }

  #report(message: string, path: Path): void {
    this.problems.push({ message, path });
  }
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function withoutTexts(source: string): string {
  return source.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/gs, '""');
}
