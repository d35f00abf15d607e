/**
 * Ends an evaluation without a value. It is an answer of the language, which `&&`, `||` and comprehensions weigh against others, so
 * it is thrown without the cost of a stack trace and never reaches a user as it is.
 */
export class EvaluationFailure {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** The value depends on something that only a cluster knows. */
export class Undecided {
  /** `authorizer`, `request.userInfo`, … */
  readonly subject: string;

  constructor(subject: string) {
    this.subject = subject;
  }
}

/** The expression costs too much; nothing outweighs this outcome. */
export class CostExceeded {}

/** @throws EvaluationFailure */
export function fail(message: string): never {
  throw new EvaluationFailure(message);
}
