/** A value, and why it is a guess where the repository does not say it. */
export interface Known<T> {
  readonly value: T;
  /** One line. */
  readonly guess?: string;
}

export function known<T>(value: T): Known<T> {
  return { value };
}

export function guessed<T>(value: T, guess: string): Known<T> {
  return { value, guess };
}
