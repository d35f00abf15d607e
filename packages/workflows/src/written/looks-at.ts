import type { JsonObject, JsonValue } from '@slipway/core';
import { writtenFor, writtenFrom } from './header.ts';
import { isScheduledLook, type Look, openLooks } from './scheduled-look.ts';

/** Whose open releases are to be looked at. */
export interface LookedAt {
  /** The name of the application. */
  readonly application: string;
  /** The path of its slipway.yaml, relative to the repository; undefined where there is no checkout. */
  readonly path: string | undefined;
  readonly formation: string;
}

/** A workflow as text, and as what YAML reads from it. */
export interface ReadWorkflow {
  readonly text: string;
  readonly value: JsonValue;
}

/** Whether a workflow looks at them: at others only, or where that cannot be told from what is written. */
export type LooksAt = 'own' | 'others' | 'unclear';

const DEFAULT_PATH = 'slipway.yaml';

/**
 * Whether a workflow with a schedule looks at the open releases of one formation. Deploy, verify-rollout and doctor ask this, so that none of
 * them takes another application's look for that of its own.
 * @param read a workflow of the repository by its path; undefined if it is not there or cannot be read
 * @returns undefined for a workflow that looks at no open releases on a schedule
 */
export async function looksAt(
  workflow: ReadWorkflow,
  wanted: LookedAt,
  read: (path: string) => Promise<ReadWorkflow | undefined>,
): Promise<LooksAt | undefined> {
  if (!isScheduledLook(workflow.value)) return undefined;
  const found: LooksAt[] = [];
  for (const look of openLooks(workflow.value))
    found.push(
      look.calls === undefined
        ? stepLooksAt(look, workflow.text, wanted)
        : await callLooksAt(look, look.calls, wanted, read),
    );
  return first(found);
}

/** One look at what is wanted is enough. */
function first(found: readonly LooksAt[]): LooksAt {
  if (found.includes('own')) return 'own';
  return found.includes('unclear') ? 'unclear' : 'others';
}

/** Both have to be what is wanted. */
function both(one: LooksAt, other: LooksAt): LooksAt {
  if (one === 'others' || other === 'others') return 'others';
  return one === 'own' ? other : one;
}

function stepLooksAt({ inputs, matrix }: Look, text: string, wanted: LookedAt): LooksAt {
  if (writtenFor(text) !== undefined)
    return both(writtenLooksAt(text, undefined, wanted), chosenFromTable(inputs, matrix, wanted));
  const path = inputs['application'];
  // Without the input the step takes slipway.yaml, or what is open in its namespace.
  const application =
    path === undefined
      ? wanted.path === undefined || wanted.path === DEFAULT_PATH
        ? 'own'
        : 'unclear'
      : applicationIs(path, matrix, wanted);
  return both(application, formationIs(inputs, matrix, wanted));
}

async function callLooksAt(
  { inputs, matrix }: Look,
  calls: string,
  wanted: LookedAt,
  read: (path: string) => Promise<ReadWorkflow | undefined>,
): Promise<LooksAt> {
  const formation = formationIs(inputs, matrix, wanted);
  const called = calls.startsWith('./') ? await read(calls.slice(2)) : undefined;
  if (called !== undefined && writtenFor(called.text) !== undefined) {
    const written = writtenLooksAt(called.text, inputs['application'], wanted);
    const table = openLooks(called.value).map(look => chosenFromTable(look.inputs, look.matrix, wanted));
    return both(both(written, formation), first(table));
  }
  const path = inputs['application'];
  return both(path === undefined ? namedFor(calls, wanted) : applicationIs(path, matrix, wanted), formation);
}

/** A written file says whose it is, and a call may give the path of another slipway.yaml. */
function writtenLooksAt(text: string, given: JsonValue | undefined, wanted: LookedAt): LooksAt {
  if (given !== undefined) return applicationIs(given, null, wanted);
  if (writtenFor(text) !== wanted.application) return 'others';
  return wanted.path === undefined ? 'own' : samePath(writtenFrom(text), wanted.path);
}

/** The formations of a written file are those in its table, and one that has been added since is not there. */
function chosenFromTable(inputs: JsonObject, matrix: JsonValue, { formation }: LookedAt): LooksAt {
  const given = inputs['formation'];
  if (typeof given === 'string' && !given.includes('${{')) return given === formation ? 'own' : 'others';
  return textsIn(matrix).some(text => text.includes(`"formation":"${formation}"`)) ? 'own' : 'others';
}

function applicationIs(given: JsonValue, matrix: JsonValue, wanted: LookedAt): LooksAt {
  const { application, path } = wanted;
  if (typeof given !== 'string') return 'unclear';
  if (given.includes('${{'))
    return [application, path].some(name => name !== undefined && mentions(matrix, name)) ? 'own' : 'unclear';
  if (given === application) return 'own';
  const isPath = /[./]/.test(given);
  if (path === undefined) return isPath ? 'unclear' : 'others';
  return isPath ? samePath(given, path) : 'others';
}

/** Without a formation a look is at all of them. */
function formationIs(inputs: JsonObject, matrix: JsonValue, { formation }: LookedAt): LooksAt {
  const given = inputs['formation'] ?? '';
  if (given === '' || given === formation) return 'own';
  if (typeof given !== 'string' || !given.includes('${{')) return 'others';
  return mentions(matrix, formation) ? 'own' : 'unclear';
}

/** A workflow that is not at hand, by the name that it would have been written with. */
function namedFor(calls: string, { application, path }: LookedAt): LooksAt {
  const [, prefix = ''] = /([^/@]*?)-?progress\.ya?ml(?:@[^@]*)?$/.exec(calls) ?? [];
  if (prefix === application) return 'own';
  return prefix === '' && (path === undefined || !path.includes('/')) ? 'own' : 'unclear';
}

/** A checkout in a folder makes one path longer, so that only what ends otherwise is another file. */
function samePath(one: string, other: string): LooksAt {
  const [a, b] = [normal(one), normal(other)];
  if (a === b) return 'own';
  return a.endsWith(`/${b}`) || b.endsWith(`/${a}`) ? 'unclear' : 'others';
}

function normal(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
}

/** Whether a matrix has a text, be it in JSON within an expression. */
function mentions(matrix: JsonValue, text: string): boolean {
  return textsIn(matrix).some(own => own === text || own.includes(`"${text}"`) || own.includes(`'${text}'`));
}

function textsIn(value: JsonValue): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
