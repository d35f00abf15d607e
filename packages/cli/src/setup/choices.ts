import { parseDuration, quote, SlipwayError } from '@slipway/core';
import type { Arguments } from '../command-line/arguments.ts';
import type { CliErrorCode } from '../error-codes.ts';
import { PURPOSES, type Purpose, purposeNamed } from './purpose.ts';

export const IDENTITIES = ['token', 'eks', 'gke', 'aks'] as const;
export type IdentityKind = (typeof IDENTITIES)[number];

/** What a command line wants. */
export interface SetupChoices {
  readonly formations: readonly string[];
  /** `print`: the commands; `apply`: runs them; `renew`: writes new kubeconfigs and nothing else. */
  readonly mode: 'print' | 'apply' | 'renew';
  readonly confirmed: boolean;
  readonly identity: IdentityKind;
  readonly purpose: Purpose;
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

/** In milliseconds. https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/#TokenRequestSpec */
const LEAST = 600_000;
const BRANCH = /^[A-Za-z0-9][A-Za-z0-9._/*-]*$/;

/**
 * @param released the branch that may deploy if the command line names none
 * @throws SlipwayError `usage`
 */
export function readChoices(given: Arguments, released: string): SetupChoices {
  const identity = given.text('identity') ?? 'token';
  const [duration, branch, subject] = [
    given.text('duration') ?? '720h',
    given.text('branch') ?? released,
    given.text('subject'),
  ];
  const purpose = purposeNamed(given.text('for') ?? 'deploy');
  if (purpose === undefined)
    throw wrong('for', given.text('for') ?? '', `choose one of ${PURPOSES.join(', ')}`);
  refuseForReaders(given, purpose);
  if (!isIdentity(identity)) throw wrong('identity', identity, `choose one of ${IDENTITIES.join(', ')}`);
  const lasting = parseDuration(duration);
  if (!lasting) throw wrong('duration', duration, 'write it as 720h or 1h30m');
  if (lasting < LEAST) throw wrong('duration', duration, 'no cluster grants less than 10m');
  if (!BRANCH.test(branch)) throw wrong('branch', branch, 'name the branch that is released, such as main');
  if (identity !== 'token' && subject === undefined) throw subjectMissing(identity);
  if (identity === 'token' && subject !== undefined)
    throw wrong('subject', subject, 'it is for --identity eks, gke or aks');
  return {
    formations: given.operands,
    mode: given.has('renew') ? 'renew' : given.has('apply') ? 'apply' : 'print',
    confirmed: given.has('yes'),
    ...{ identity, duration, purpose, branch: purpose.branch ?? branch },
    ...(subject === undefined ? {} : { subject }),
    contexts: given.values('context'),
    reviewers: given.list('reviewers').map(readReviewer),
  };
}

/** A reader needs no approval, and its environment admits pull requests. */
function refuseForReaders(given: Arguments, { name }: Purpose): void {
  if (name === 'deploy') return;
  for (const flag of ['reviewers', 'branch', 'identity'])
    if (given.has(flag))
      throw wrong(flag, given.text(flag) ?? '', `it is for --for deploy, and not for ${name}`);
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
