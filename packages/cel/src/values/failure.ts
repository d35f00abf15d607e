/**
 * How an evaluation ends without a value. These are answers of the language, which `&&`, `||` and comprehensions weigh against
 * others, so they are thrown without the cost of a stack trace and never reach a user as they are.
 */
export class EvaluationFailure {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** The value hangs on something that only a cluster knows. */
export class Undecided {
  /** `authorizer`, `request.userInfo`, … */
  readonly subject: string;

  constructor(subject: string) {
    this.subject = subject;
  }
}

/** Nothing outweighs this one: the expression is too dear. */
export class CostExceeded {}

/** @throws EvaluationFailure */
export function fail(message: string): never {
  throw new EvaluationFailure(message);
}
