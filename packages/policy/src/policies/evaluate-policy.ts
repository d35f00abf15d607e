import type { Program, Trace } from '@slipway/cel';
import {
  BINDING_COST_LIMIT,
  CostExceeded,
  EvaluationFailure,
  LazyMap,
  Meter,
  Undecided,
  type Value,
} from '@slipway/cel';
import { isSecret, type Kind } from '@slipway/kubernetes';
import type { AdmissionRequest } from './admission.ts';
import type { CompiledPolicy, CompiledValidation } from './compile-policy.ts';
import { PolicyNames } from './environment.ts';

/** What one validation, or the policy as a whole, decides about a request. */
export interface Decision {
  readonly kind: 'deny' | 'failed' | 'undecided';
  readonly message: string;
  /** The index of the validation; undefined if it is the policy as a whole. */
  readonly validation?: number;
}

/** The parameters of a policy; undefined if they are not available here. */
export type Params = Value | undefined;

const MAX_MESSAGE_LENGTH = 5 * 1024;
const WITHHELD = 'failed; the reason is not shown, because it is about a Secret';
const OUT_OF_BUDGET =
  'validation failed due to running out of cost budget, no further validation rules will be run';

const OVER_LIMIT = 'operation cancelled: actual cost limit exceeded';

type Outcome = { readonly value: Value } | { readonly failure: string } | { readonly undecided: string };

/** The decisions of a policy against a request; none if it admits it. https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/policy/validating/validator.go */
export function evaluatePolicy(
  policy: CompiledPolicy,
  request: AdmissionRequest,
  params: Params,
  variables: KnownVariables,
): Decision[] {
  const matched = matchConditions(policy, request, params);
  if (matched !== 'yes') return matched === 'no' ? [] : [matched];
  const known = variables.of(policy, request);
  const evaluation = new Evaluation(policy, request, params, { known });
  try {
    const outcomes = policy.validations.map(({ program }) => evaluation.run(program));
    const decisions = outcomes.flatMap((outcome, index) =>
      decide(policy.validations[index] as CompiledValidation, outcome, index, evaluation),
    );
    if (policy.auditAnnotations.length === 0) return decisions;
    return [...decisions, ...annotationFailures(policy, new Evaluation(policy, request, params, { known }))];
  } catch (error) {
    if (error instanceof CostExceeded) return [{ kind: 'failed', message: OUT_OF_BUDGET }];
    throw error;
  }
}

function matchConditions(
  policy: CompiledPolicy,
  request: AdmissionRequest,
  params: Params,
): 'yes' | 'no' | Decision {
  if (policy.matchConditions.length === 0) return 'yes';
  const evaluation = new Evaluation(policy, request, params, { isCondition: true });
  const outcomes = policy.matchConditions.map(program => evaluation.run(program));
  if (outcomes.some(outcome => 'value' in outcome && outcome.value === false)) return 'no';
  const undecided = outcomes.find(outcome => 'undecided' in outcome);
  if (undecided !== undefined)
    return { kind: 'undecided', message: `whether the policy applies depends on ${undecided.undecided}` };
  const failures = outcomes.flatMap(outcome => ('failure' in outcome ? [outcome.failure] : []));
  if (failures.length === 0) return 'yes';
  return {
    kind: 'failed',
    message: failures.length === 1 ? (failures[0] ?? '') : `[${failures.join(', ')}]`,
  };
}

function decide(
  compiled: CompiledValidation,
  outcome: Outcome,
  validation: number,
  evaluation: Evaluation,
): Decision[] {
  const { spec } = compiled;
  if ('failure' in outcome) return [{ kind: 'failed', message: outcome.failure, validation }];
  if ('undecided' in outcome)
    return [
      {
        kind: 'undecided',
        message: `the verdict of ${JSON.stringify(spec.message?.trim() || spec.expression.trim())} depends on ${outcome.undecided}`,
        validation,
      },
    ];
  if (outcome.value === true) return [];
  const message = evaluation.seesSecret ? undefined : compiled.message();
  const made = message === undefined ? '' : madeMessage(evaluation.run(message));
  const fallback = spec.message?.trim() || `failed expression: ${spec.expression.trim()}`;
  return [{ kind: 'deny', message: made || fallback, validation }];
}

/** The text of a messageExpression; empty if it has several lines, is too long or is not text. */
function madeMessage(outcome: Outcome): string {
  if (!('value' in outcome) || typeof outcome.value !== 'string') return '';
  const message = outcome.value.trim();
  return message.includes('\n') || Buffer.byteLength(message) > MAX_MESSAGE_LENGTH ? '' : message;
}

function annotationFailures(policy: CompiledPolicy, evaluation: Evaluation): Decision[] {
  return policy.auditAnnotations.flatMap(program => {
    const outcome = evaluation.run(program);
    return 'failure' in outcome ? [{ kind: 'failed' as const, message: outcome.failure }] : [];
  });
}

/**
 * The trace of one validation's evaluation, to find out what its verdict is about. It is not part of every check, because it
 * is needed only when something was denied.
 */
export function traceValidation(
  policy: CompiledPolicy,
  request: AdmissionRequest,
  params: Params,
  validation: number,
  trace: Trace,
): void {
  const program = policy.validations[validation]?.program;
  if (program !== undefined) new Evaluation(policy, request, params, { trace }).run(program);
}

/** What came of a variable. */
interface Evaluated {
  readonly outcome: { readonly value: Value } | { readonly thrown: unknown };
  readonly cost: number;
  /** The variables that it has read. */
  readonly reads: readonly string[];
}

/**
 * What variables hold for an object: the policies of a pack begin with the same ones. Those that may read parameters are left out, since
 * an object has others in each binding.
 */
export class KnownVariables {
  /** One for each version of the object that a policy is about. */
  readonly #ofRequests = new Map<AdmissionRequest, Map<Program, Evaluated>>();

  of({ spec }: CompiledPolicy, request: AdmissionRequest): Map<Program, Evaluated> {
    if (spec.paramKind !== undefined) return new Map();
    const known = this.#ofRequests.get(request) ?? new Map<Program, Evaluated>();
    this.#ofRequests.set(request, known);
    return known;
  }
}

interface EvaluationOptions {
  readonly trace?: Trace;
  readonly known?: Map<Program, Evaluated>;
  readonly isCondition?: boolean;
}

/** One pass over expressions that share their variables and a budget. */
class Evaluation {
  /**
   * Whether expressions see a Secret. Their messages are not shown then: they may contain the value in a form that masking does
   * not find.
   */
  readonly seesSecret: boolean;
  readonly #names: Readonly<Record<string, Value>>;
  readonly #trace: Trace | undefined;
  readonly #policy: CompiledPolicy;
  /** What is known of this object's variables, and which of them this pass has paid for. */
  readonly #shared: Map<Program, Evaluated>;
  #paid: Map<string, Evaluated> | undefined;
  /** What the variable that is being evaluated has read. */
  #reads: string[] = [];
  #spent = 0;

  constructor(
    policy: CompiledPolicy,
    request: AdmissionRequest,
    params: Params,
    { trace, known = new Map(), isCondition = false }: EvaluationOptions = {},
  ) {
    this.#trace = trace;
    // The parameters are an object of the kind that the policy names, or missing.
    this.seesSecret = isSecret(request.object) || isSecret((params ?? {}) as unknown as Kind);
    this.#policy = policy;
    this.#shared = known;
    const variables = new LazyMap(name => {
      const outcome = this.#variable(name)?.outcome;
      if (outcome === undefined) return undefined;
      if ('thrown' in outcome) throw outcome.thrown;
      return outcome.value;
    });
    this.#names = new PolicyNames(request, params, variables, isCondition) as unknown as Readonly<
      Record<string, Value>
    >;
  }

  /** Each variable costs a policy once, whether or not another policy has evaluated it before. */
  #variable(name: string): Evaluated | undefined {
    const program = this.#policy.variables.get(name);
    if (program === undefined) return undefined;
    this.#reads.push(name);
    this.#paid ??= new Map();
    const paid = this.#paid.get(name);
    if (paid !== undefined) return paid;
    const known = this.#shared.get(program);
    if (known !== undefined) for (const read of known.reads) this.#variable(read);
    const variable = known ?? this.#evaluateVariable(name, program);
    this.#spend(variable.cost);
    this.#shared.set(program, variable);
    this.#paid.set(name, variable);
    return variable;
  }

  #evaluateVariable(name: string, program: Program): Evaluated {
    const meter = new Meter();
    const outside = this.#reads;
    this.#reads = [];
    const outcome = this.#outcomeOfVariable(name, program, meter);
    const reads = this.#reads;
    this.#reads = outside;
    return { outcome, cost: meter.spent, reads };
  }

  #outcomeOfVariable(name: string, program: Program, meter: Meter): Evaluated['outcome'] {
    try {
      return { value: program.evaluate(this.#names, meter, this.#trace) };
    } catch (error) {
      const reason =
        error instanceof CostExceeded
          ? OVER_LIMIT
          : error instanceof EvaluationFailure
            ? error.message
            : undefined;
      if (reason === undefined) return { thrown: error };
      return { thrown: new EvaluationFailure(`composited variable "${name}" fails to evaluate: ${reason}`) };
    }
  }

  /** @throws CostExceeded if all expressions together exceed their budget */
  run(program: Program): Outcome {
    const meter = new Meter();
    const outcome = this.#attempt(program, meter);
    this.#spend(meter.spent);
    if (this.#spent > BINDING_COST_LIMIT) throw new CostExceeded();
    return outcome;
  }

  #attempt(program: Program, meter: Meter): Outcome {
    try {
      return { value: program.evaluate(this.#names, meter, this.#trace) };
    } catch (error) {
      return this.#outcomeOf(error, program);
    }
  }

  #spend(cost: number): void {
    this.#spent += cost;
  }

  #outcomeOf(error: unknown, program: Program): Outcome {
    if (error instanceof Undecided) return { undecided: error.subject };
    const reason = reasonOf(error);
    if (this.seesSecret) return { failure: `expression '${program.source}' ${WITHHELD}` };
    return { failure: `expression '${program.source}' resulted in error: ${reason}` };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof EvaluationFailure) return error.message;
  if (error instanceof CostExceeded) return OVER_LIMIT;
  if (error instanceof RangeError) return 'operation cancelled: the value is too large or nested too deeply';
  throw error;
}
