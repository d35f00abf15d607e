import type { FinalInstruction } from '@slipway/build';
import { quote } from '@slipway/core';
import type { Remark } from '../proposal/contribution.ts';
import type { ContainerUser } from '../stencils/workload.ts';

/** A number that no image has for something else, for those that name no user. */
const UNPRIVILEGED = 65532;

/** Whom the image of a Dockerfile runs as, and what a person has to know of it. */
export interface ExistingUser {
  readonly user: ContainerUser;
  readonly remarks: readonly Remark[];
}

/**
 * The user of the last `USER`: its number, or that with which a line above creates it. Without a number there is none in the stencil,
 * since one that is invented may not own the program's files.
 * https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
 */
export function existingUser(instructions: readonly FinalInstruction[], path: string): ExistingUser {
  const last = instructions.findLast(({ name }) => name === 'user');
  const [name = ''] = last?.args[0]?.split(':') ?? [];
  if (last === undefined) return unprivileged('the Dockerfile has no USER');
  const at = { path, line: last.line, column: 1 };
  const id = /^\d+$/.test(name) ? Number(name) : name === 'root' ? 0 : createdWith(name, instructions);
  if (id === 0)
    return {
      ...unprivileged('the Dockerfile ends as root'),
      remarks: [rootRemark(at)],
    };
  return id === undefined ? nameOnly(at, name) : { user: { id }, remarks: [] };
}

function unprivileged(why: string): ExistingUser {
  return { user: { id: UNPRIVILEGED, guess: `${why}, and the program must work as this one` }, remarks: [] };
}

function rootRemark(at: Remark['at']): Remark {
  return {
    kind: 'note',
    ...(at && { at }),
    message: `the image runs as root, and the stencil as ${UNPRIVILEGED}`,
    remedy:
      'write a user by its number here that owns what the program writes, and the same into the stencil',
  };
}

function nameOnly(at: Remark['at'], name: string): ExistingUser {
  const guess = 'no pod starts until USER of the Dockerfile is a number, or runAsUser is written here';
  return {
    user: { guess },
    remarks: [
      {
        kind: 'note',
        ...(at && { at }),
        message: `USER ${quote(name)} is a name, of which a cluster cannot tell that it is not root, so no pod starts`,
        remedy: 'write its number here, or as runAsUser into the stencil',
      },
    ],
  };
}

/** `useradd --uid 1001 app`, in one command of a `RUN`. */
function createdWith(name: string, instructions: readonly FinalInstruction[]): number | undefined {
  const commands = instructions
    .filter(one => one.name === 'run')
    .flatMap(({ args }) => args.join(' ').split(/&&|\|\||;|\n/))
    .map(command => command.trim().split(/\s+/));
  const words = commands.findLast(one => /^(?:useradd|adduser)$/.test(one[0] ?? '') && one.includes(name));
  const [, id] = /\s(?:-\w*u|--uid)[ =](\d+)(?:\s|$)/.exec(words?.join(' ') ?? '') ?? [];
  return id === undefined ? undefined : Number(id);
}
