export { type Failure, type GitHubDouble, type GitHubDoubleOptions, startGitHub } from './double.ts';
export type { Comment, GitHubState, Pull, Review, Token } from './state.ts';
