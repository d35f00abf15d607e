import { parseDuration, quote, SlipwayError } from '@slipway/core';
import type { Arguments } from '../command-line/arguments.ts';
import type { CliErrorCode } from '../error-codes.ts';

export const IDENTITIES = ['token', 'eks', 'gke', 'aks'] as const;
export type IdentityKind = (typeof IDENTITIES)[number];

/** What a command line wants. */
export interface SetupChoices {
  readonly formations: readonly string[];
  /** `print`: the commands; `apply`: runs them; `renew`: writes new kubeconfigs and nothing else. */
  readonly mode: 'print' | 'apply' | 'renew';
  readonly confirmed: boolean;
  readonly identity: IdentityKind;
  /** Whom a cloud's login is in the cluster. */
  readonly subject?: string;
  readonly contexts: readonly string[];
  /** As kubectl takes it. */
  readonly duration: string;
  readonly branch: string;
  readonly reviewers: readonly Reviewer[];
}

/** Someone who approves deployments to an environment. */
export type Reviewer =
  | { readonly type: 'User'; readonly login: string }
  | { readonly type: 'Team'; readonly organisation: string; readonly slug: string };

const BRANCH = /^[A-Za-z0-9][A-Za-z0-9._/*-]*$/;

/** @throws SlipwayError `usage` */
export function readChoices(given: Arguments): SetupChoices {
  const identity = given.text('identity') ?? 'token';
  const [duration, branch, subject] = [
    given.text('duration') ?? '720h',
    given.text('branch') ?? 'main',
    given.text('subject'),
  ];
  if (!isIdentity(identity)) throw wrong('identity', identity, `choose one of ${IDENTITIES.join(', ')}`);
  if (!parseDuration(duration)) throw wrong('duration', duration, 'write it as 720h or 1h30m');
  if (!BRANCH.test(branch)) throw wrong('branch', branch, 'name the branch that is released, such as main');
  if (identity !== 'token' && subject === undefined) throw subjectMissing(identity);
  if (identity === 'token' && subject !== undefined)
    throw wrong('subject', subject, 'it is for --identity eks, gke or aks');
  return {
    formations: given.operands,
    mode: given.has('renew') ? 'renew' : given.has('apply') ? 'apply' : 'print',
    confirmed: given.has('yes'),
    ...{ identity, duration, branch },
    ...(subject === undefined ? {} : { subject }),
    contexts: given.values('context'),
    reviewers: given.list('reviewers').map(readReviewer),
  };
}

function isIdentity(text: string): text is IdentityKind {
  return (IDENTITIES as readonly string[]).includes(text);
}

/** `@ada`, or `@acme/operators`. */
function readReviewer(text: string): Reviewer {
  const [, organisation, name = ''] =
    /^@?(?:([A-Za-z0-9][A-Za-z0-9-]*)\/)?([A-Za-z0-9][A-Za-z0-9._-]*)$/.exec(text) ?? [];
  if (name === '') throw wrong('reviewers', text, 'write @user or @organisation/team');
  return organisation === undefined
    ? { type: 'User', login: name }
    : { type: 'Team', organisation, slug: name };
}

function subjectMissing(identity: IdentityKind): SlipwayError<CliErrorCode> {
  const whom = {
    token: '',
    eks: 'the group that the access entry of the role has, such as shop-deployers',
    gke: 'the address of the service account',
    aks: 'the object id of the identity or of its group',
  }[identity];
  return new SlipwayError<CliErrorCode>({
    code: 'usage',
    message: `--identity ${identity} needs --subject`,
    remedy: `name whom the login is in the cluster: ${whom}`,
  });
}

function wrong(flag: string, text: string, remedy: string): SlipwayError<CliErrorCode> {
  return new SlipwayError<CliErrorCode>({
    code: 'usage',
    message: `the flag "--${flag}" is ${quote(text)}`,
    remedy,
  });
}
