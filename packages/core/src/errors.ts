import { formatPosition, type Position } from './position.ts';

/**
 * Something that a user must fix. `message` says what is wrong in half a sentence, without a full stop and with foreign
 * text passed through `quote`; `remedy` says what to do about it.
 */
export interface Problem<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
  readonly remedy?: string;
  readonly at?: Position | undefined;
  /** What it is about, such as a key or a JSON pointer: unlike the message, the same in every version of Slipway. */
  readonly subject?: string;
  /** Set where the summary of the run has said it before the error is thrown, so that it is not said twice. */
  readonly isInSummary?: true;
}

/** One sentence: where, what, what to do. */
export function formatProblem(problem: Problem): string {
  const where = problem.at === undefined ? '' : `${formatPosition(problem.at)}: `;
  const remedy = problem.remedy === undefined ? '' : `; ${problem.remedy}`;
  return `${where}${problem.message}${remedy}`;
}

/**
 * The one error class. It carries all problems of a run, in the order found; `code` is the first one's. The cause is for
 * debug logs only: it may hold what a user must not see. Each package lists its codes in a `…ErrorCode` union, and
 * docs/errors.md explains every one of them.
 */
export class SlipwayError<Code extends string = string> extends Error {
  override readonly name = 'SlipwayError';
  readonly code: Code;
  readonly problems: readonly [Problem<Code>, ...Problem<Code>[]];

  constructor(
    problem: Problem<Code> | readonly [Problem<Code>, ...Problem<Code>[]],
    options?: { readonly cause?: unknown },
  ) {
    const problems = (Array.isArray(problem) ? problem : [problem]) as readonly [
      Problem<Code>,
      ...Problem<Code>[],
    ];
    super(problems.map(formatProblem).join('\n'), options);
    this.code = problems[0].code;
    this.problems = problems;
  }
}

/** @throws SlipwayError with all of the problems, if there are any */
export function throwIfAny<Code extends string>(problems: Iterable<Problem<Code>>): void {
  const [first, ...others] = problems;
  if (first !== undefined) throw new SlipwayError<Code>([first, ...others]);
}

/** An error with each problem of another one changed; that one is its cause. */
export function changeProblems<Code extends string>(
  error: SlipwayError,
  change: (problem: Problem) => Problem<Code>,
): SlipwayError<Code> {
  const [first, ...others] = error.problems;
  return new SlipwayError<Code>([change(first), ...others.map(change)], { cause: error });
}

/** Collects the problems of one piece of work, so that a run reports all of them and not the first. */
export class Problems<Code extends string = string> {
  readonly #found: Problem<Code>[] = [];

  add(problem: Problem<Code>): void {
    this.#found.push(problem);
  }

  /** Runs `work`; a SlipwayError that it throws joins the others, and `undefined` is returned. */
  async collect<Result>(work: () => Result | Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      this.#found.push(...(error.problems as readonly Problem<Code>[]));
      return undefined;
    }
  }

  get found(): readonly Problem<Code>[] {
    return this.#found;
  }

  /** @throws SlipwayError with everything found so far, if anything was. */
  throwIfAny(): void {
    throwIfAny(this.#found);
  }
}
