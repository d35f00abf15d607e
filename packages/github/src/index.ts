export {
  type BaseCommit,
  baseCommitOf,
  type PullRequestOfRun,
  pullRequestOf,
} from './base-commit.ts';
export { type GithubErrorCode, githubErrors } from './error-codes.ts';
export { type InputReader, inputVariable, parseInputs } from './inputs.ts';
export { code, codeBlock, cutSummary, details, escapeMarkdown, table } from './markdown.ts';
export { neutraliseCommands } from './neutralise.ts';
export { readRecordKeys } from './record-key.ts';
export { reportFailure, runAction } from './run-action.ts';
export type {
  Annotation,
  Environment,
  ExecOptions,
  ExecResult,
  RunContext,
  Runner,
} from './runner.ts';
