import type { ApplicationStatus } from '@slipway/core';

/** A text with the address of a page about it, if there is one that can be trusted. */
export interface LinkedText {
  readonly text: string;
  readonly href?: string | undefined;
}

const REPOSITORY = /^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?\/[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/;
const COMMIT = /^[0-9a-f]{7,64}$/;
const SHORT = 7;

/** The repository's address; undefined unless it is one. */
function home({ repository }: ApplicationStatus): string | undefined {
  return repository !== undefined && REPOSITORY.test(repository) ? repository : undefined;
}

/** A commit by its first digits. What is not a commit's id is shown as it is, without a link. */
export function commitLink(status: ApplicationStatus, commit: string): LinkedText {
  if (!COMMIT.test(commit)) return { text: commit };
  const page = home(status);
  return { text: commit.slice(0, SHORT), href: page && `${page}/commit/${commit}` };
}

export function pullLink(status: ApplicationStatus, number: number): LinkedText {
  const page = home(status);
  return { text: `#${number}`, href: page && `${page}/pull/${number}` };
}

/** A run of the repository itself: the note that it comes from can be written by anyone who may change Leases. */
export function runLink(status: ApplicationStatus, run: string): LinkedText {
  const page = home(status);
  const rest = page !== undefined && run.startsWith(`${page}/`) ? run.slice(page.length) : '';
  return { text: 'run', href: /^\/actions\/runs\/\d+(?:\/attempts\/\d+)?$/.test(rest) ? run : undefined };
}
