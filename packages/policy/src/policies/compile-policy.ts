import type { Declarations } from '@slipway/cel';
import {
  boolType,
  type CelType,
  compileExpression,
  dynType,
  ExpressionProblem,
  formatType,
  nullType,
  type Program,
  stringType,
} from '@slipway/cel';
import { defined, type Path } from '@slipway/core';
import type { PolicySpec, ValidationSpec } from '../resources/types.ts';
import { policyDeclarations } from './environment.ts';
import { lineAndColumn } from './line-and-column.ts';

export interface CompiledPolicy {
  readonly name: string;
  readonly spec: PolicySpec;
  readonly variables: ReadonlyMap<string, Program>;
  readonly matchConditions: readonly Program[];
  readonly validations: readonly CompiledValidation[];
  readonly auditAnnotations: readonly Program[];
}

export interface CompiledValidation {
  readonly spec: ValidationSpec;
  readonly program: Program;
  /** That of messageExpression, if there is one. */
  message(): Program | undefined;
}

/**
 * What has been compiled for policies of one version: those of a pack begin with the same variables. Two policies have a program in
 * common only if all variables before it are the same in both, so that it also has the same value in both.
 */
export class Programs {
  readonly #programs = new Map<string, Program>();
  readonly #beginnings = new Map<string, number>();

  /** The number of a list of variables: that of the list before the last one, with the last one. */
  after(beginning: number, name: string, source: string): number {
    const key = JSON.stringify([beginning, name, source]);
    const known = this.#beginnings.get(key) ?? this.#beginnings.size + 1;
    this.#beginnings.set(key, known);
    return known;
  }

  get(key: string, compile: () => Program): Program {
    const program = this.#programs.get(key) ?? compile();
    this.#programs.set(key, program);
    return program;
  }
}

/** An expression that an API server would reject. */
export interface CompileProblem {
  readonly message: string;
  /** The path of the expression in the policy. */
  readonly path: Path;
}

/** All expressions of a policy, checked. The policy is undefined if one of them is wrong, because an API server would reject it. */
export function compilePolicy(
  name: string,
  spec: PolicySpec,
  minor: number,
  programs: Programs = new Programs(),
): { policy?: CompiledPolicy; problems: readonly CompileProblem[] } {
  const problems: CompileProblem[] = [];
  const policy = new PolicyCompiler(spec, minor, programs, problems).policy(name, validation =>
    validation.message(),
  );
  return problems.length > 0 ? { problems } : { policy, problems };
}

/**
 * A policy that is known to be right; the expression of a message is compiled when it is needed for the first time.
 * @throws Error if the policy is wrong all the same
 */
export function compileKnownPolicy(
  name: string,
  spec: PolicySpec,
  minor: number,
  programs: Programs,
): CompiledPolicy {
  const problems: CompileProblem[] = [];
  const policy = new PolicyCompiler(spec, minor, programs, problems).policy(name);
  if (problems[0] !== undefined)
    throw new Error(`the policy ${name} does not compile: ${problems[0].message}`);
  return policy;
}

/** What an expression may name depends on its purpose: a match condition has no variables, and a message no authorizer. */
type Role = 'condition' | 'validation' | 'message';

class PolicyCompiler {
  readonly #spec: PolicySpec;
  readonly #minor: number;
  readonly #programs: Programs;
  readonly #problems: CompileProblem[];
  readonly #variableTypes: Record<string, CelType> = {};
  /** The number of the variables so far. */
  #beginning = 0;

  constructor(spec: PolicySpec, minor: number, programs: Programs, problems: CompileProblem[]) {
    this.#spec = spec;
    this.#minor = minor;
    this.#programs = programs;
    this.#problems = problems;
  }

  /** Whole only if there is no problem. @param onValidation called with each validation before the next one is compiled */
  policy(
    name: string,
    onValidation: (validation: CompiledValidation) => void = () => undefined,
  ): CompiledPolicy {
    const spec = this.#spec;
    const variables = this.variables();
    const matchConditions = (spec.matchConditions ?? []).map(({ expression }, index) =>
      this.expression(expression, ['spec', 'matchConditions', index, 'expression'], 'condition', [boolType]),
    );
    const validations = (spec.validations ?? []).map((one, index) => {
      const validation = this.validation(one, index) as CompiledValidation;
      onValidation(validation);
      return validation;
    });
    const auditAnnotations = (spec.auditAnnotations ?? []).map(({ valueExpression }, index) => {
      const path = ['spec', 'auditAnnotations', index, 'valueExpression'];
      return this.expression(valueExpression, path, 'validation', [stringType, nullType]);
    });
    return { name, spec, variables, matchConditions, validations, auditAnnotations } as CompiledPolicy;
  }

  /** In order: each may use those before it, so that there is no cycle. */
  variables(): ReadonlyMap<string, Program> {
    const programs = new Map<string, Program>();
    for (const [index, { name, expression }] of (this.#spec.variables ?? []).entries()) {
      const program = this.expression(expression, ['spec', 'variables', index, 'expression'], 'validation');
      this.#variableTypes[name] = program?.type ?? dynType;
      this.#beginning = this.#programs.after(this.#beginning, name, expression);
      if (program !== undefined) programs.set(name, program);
    }
    return programs;
  }

  validation(spec: ValidationSpec, index: number): Partial<CompiledValidation> {
    const path = ['spec', 'validations', index] as const;
    const program = this.expression(spec.expression, [...path, 'expression'], 'validation', [boolType]);
    const { messageExpression = '' } = spec;
    let message: Program | undefined;
    return {
      spec,
      ...defined({ program }),
      message: () => {
        if (messageExpression === '') return undefined;
        message ??= this.expression(messageExpression, [...path, 'messageExpression'], 'message', [
          stringType,
        ]);
        return message;
      },
    };
  }

  expression(source: string, path: Path, role: Role, wanted?: readonly CelType[]): Program | undefined {
    try {
      const program = this.#programOf(source, role);
      const names = wanted?.map(formatType);
      if (names === undefined || names.includes(formatType(program.type))) return program;
      const either = names.length === 1 ? names[0] : `one of [${names.join(' ')}]`;
      const message = `must evaluate to ${either} but got ${formatType(program.type)}`;
      this.#problems.push({ path, message });
    } catch (error) {
      if (!(error instanceof ExpressionProblem)) throw error;
      this.#problems.push({
        path,
        message: `${error.message} (at ${lineAndColumn(source, error.offset)} of the expression)`,
      });
    }
    return undefined;
  }

  #programOf(source: string, role: Role): Program {
    const key = [role, this.#spec.paramKind !== undefined, this.#beginning, source].join(' ');
    return this.#programs.get(key, () => compileExpression(source, this.#declarations(role)));
  }

  #declarations(role: Role): Declarations {
    return policyDeclarations(this.#minor, {
      params: this.#spec.paramKind !== undefined,
      authorizer: role !== 'message',
      ...(role === 'condition' ? {} : { variables: { ...this.#variableTypes } }),
    });
  }
}
