/** One thing that is set up. */
export interface Step {
  /** Such as `ServiceAccount hello/slipway-deployer`. */
  readonly what: string;
  /** Such as `context staging`, or the name of a repository. */
  readonly where: string;
  /** The lines of a shell that do it. */
  readonly script: readonly string[];
  /** Does it unless it is there; absent for what only people do. */
  readonly carryOut?: () => Promise<StepResult>;
}

export interface StepResult {
  readonly state: 'done' | 'unchanged';
  /** What else to know, a sentence without a full stop. */
  readonly detail?: string;
  /** What is not as it should be, though the step succeeded; a sentence without a full stop. */
  readonly warning?: string;
}
