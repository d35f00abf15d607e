/** GitHub's number of the repository, and that of a fork of it. */
export const REPOSITORY_ID = 4711;
export const FORK_ID = 4712;
