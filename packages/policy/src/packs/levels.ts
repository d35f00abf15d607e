import type { Finding, PackLevel } from '@slipway/core';
import { objectKey } from '@slipway/kubernetes';

/** A finding with the level of the pack whose rule made it; `error` for rules that are of no pack. */
export interface LevelledFinding {
  readonly finding: Finding;
  readonly level: PackLevel;
}

/**
 * The findings with the severities that the levels of their packs leave them: an error of a pack with the level `warn` is a warning,
 * and so is one of the level `new` that was there before.
 * @param before what packs of the level `new` found before; undefined if that is not known, as at a deployment
 */
export function applyLevels(
  found: readonly LevelledFinding[],
  before: readonly Finding[] | undefined,
): Finding[] {
  const known = before && new FormerFindings(before);
  // Those that did not change at all are matched first, so that none of them has its counterpart taken.
  const fresh = found.filter(({ finding, level }) => level === 'new' && finding.severity === 'error');
  const same = new Set(fresh.filter(({ finding }) => known?.takeSame(finding)));
  return found.map(entry => {
    const { finding, level } = entry;
    if (level === 'error' || finding.severity !== 'error') return finding;
    if (level === 'warn' || known === undefined)
      return { ...finding, severity: 'warning', lowered: 'by-level' };
    return same.has(entry) || known.takeNoBetter(finding)
      ? { ...finding, severity: 'warning', lowered: 'as-before' }
      : finding;
  });
}

/** What was found before. Each of them excuses one finding. */
class FormerFindings {
  readonly #left: Map<string, Finding[]>;

  constructor(before: readonly Finding[]) {
    const errors = before.filter(({ severity }) => severity === 'error');
    this.#left = Map.groupBy(errors, keyOf);
  }

  takeSame(finding: Finding): boolean {
    const { fingerprint, message } = finding;
    return this.#take(finding, other => other.fingerprint === fingerprint && other.message === message);
  }

  /** One that said the same of as many or more: where one of two containers was corrected, what is left is not new. */
  takeNoBetter(finding: Finding): boolean {
    const own = saidBy(finding);
    return this.#take(finding, other => {
      const theirs = saidBy(other);
      return (
        own.sentence === theirs.sentence &&
        own.names.every(name => theirs.names.includes(name)) &&
        (own.names.length > 0 || finding.fingerprint === other.fingerprint)
      );
    });
  }

  #take(finding: Finding, matches: (other: Finding) => boolean): boolean {
    if (INCOMPLETE.test(finding.message)) return false;
    const left = this.#left.get(keyOf(finding)) ?? [];
    const index = left.findIndex(matches);
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  }
}

function keyOf({ rule, object }: Finding): string {
  return JSON.stringify([rule, object && objectKey(object)]);
}

/** A message that does not say all of what it is about, since that is too much: two of them may differ in the rest. */
const INCOMPLETE = /…$|^failed expression: /;

/** One of the things that a message of a rule lists: `container "api"`, `"api" (NET_ADMIN, SYS_TIME)`, or `the pod`. */
const LISTED = /(?:(?:container )?("[^"]*")|(the pod))(?: \(([^()]*)\))?(?:, )?/g;

/**
 * What a message says, without and with what it says it of. The field alone does not tell whether something became worse: a rule about
 * all containers of a pod blames the first of them.
 */
function saidBy({ message }: Finding): { readonly sentence: string; readonly names: readonly string[] } {
  const names = [...message.matchAll(LISTED)].flatMap(([, quoted, pod, details = '']) => {
    const name = quoted ?? pod ?? '';
    return [name, ...details.split(', ').map(detail => `${name} ${detail}`.trimEnd())];
  });
  return { sentence: message.replace(LISTED, ''), names };
}
