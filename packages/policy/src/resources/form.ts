import { didYouMean, type Path, quote } from '@slipway/core';
import { fieldName } from '../schemas/validate.ts';

/** Something that the API server does not take, at a path of the object. */
export interface FormProblem {
  readonly path: Path;
  readonly message: string;
  readonly fix: string;
}

/** Collects what is wrong with the form of an object. */
export class Form {
  readonly problems: FormProblem[] = [];

  add(path: Path, message: string, fix: string): void {
    this.problems.push({ path, message: `${fieldName(path)} ${message}`, fix });
  }

  /** A field without a value that must have one: text, or a list of at least one item. */
  present(path: Path, value: string | readonly unknown[] | undefined, fix: string): boolean {
    const isPresent = typeof value === 'string' ? value.trim() !== '' : (value ?? []).length > 0;
    if (!isPresent) this.add(path, 'is missing or empty', fix);
    return isPresent;
  }

  /** A word from a closed list, if there is one. */
  word(path: Path, value: string | undefined, allowed: readonly string[]): void {
    if (value === undefined || allowed.includes(value)) return;
    const list = `must be ${allowed.join(', ').replace(/, ([^,]*)$/, ' or $1')}`;
    this.add(
      path,
      `${list}, not ${quote(value)}`,
      didYouMean(value, allowed) || `use one of ${allowed.join(', ')}`,
    );
  }

  /** What Kubernetes' own rule for a form of text, such as a name, says of a value. */
  text(path: Path, problems: readonly string[]): void {
    for (const problem of problems) this.add(path, problem, 'correct it');
  }

  /** Values of which none may be repeated; empty ones are left to others. */
  unique(values: readonly string[], pathOf: (index: number) => Path): void {
    for (const [index, value] of values.entries())
      if (value !== '' && values.indexOf(value) < index)
        this.add(pathOf(index), `repeats ${quote(value)}`, 'remove one of them, or rename it');
  }
}
