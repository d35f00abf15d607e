/** One thing that was found, as lines of plain text in which no secret of the pod stands. */
export interface Evidence {
  readonly title: string;
  readonly lines: readonly string[];
  /** What the application itself said, if it is in here: the one line that tells most. */
  readonly lastWords?: string | undefined;
}
