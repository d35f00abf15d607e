/** What a user sees: the heading under which docs/errors.md explains a code. tools/docs/symptoms.ts has the words. */
export type ErrorSymptom =
  // Any action.
  | 'input'
  | 'runner'
  | 'github'
  | 'yaml'
  | 'format'
  | 'file'
  | 'commit'
  // build-retag.
  | 'services'
  | 'builder'
  | 'image-build'
  | 'build-secret'
  | 'registry-access'
  | 'registry-content'
  | 'parts'
  | 'promotion'
  // render-stencil.
  | 'formation'
  | 'steps'
  | 'config'
  | 'placeholder'
  | 'manifest'
  | 'source'
  | 'snapshot'
  | 'output'
  // policy-check.
  | 'check'
  | 'base'
  // deploy.
  | 'cluster-access'
  | 'cluster-request'
  | 'destination'
  | 'tree'
  | 'object'
  | 'secret'
  | 'sops'
  | 'vault'
  | 'cloud'
  | 'lock'
  | 'record'
  | 'stage'
  // verify-rollout.
  | 'verified'
  | 'helm-release'
  | 'checks'
  | 'outcome'
  // The program.
  | 'program'
  | 'setup'
  | 'workflow';

/** What docs/errors.md says about an error code. The texts are Markdown. */
export interface ErrorEntry {
  readonly symptom: ErrorSymptom;
  /** A message with this code as the program says it, without its position and its remedy. */
  readonly example: string;
  /** Why it happens, in whole sentences. */
  readonly cause: string;
  /** What to do about it, in whole sentences. */
  readonly remedy: string;
}
