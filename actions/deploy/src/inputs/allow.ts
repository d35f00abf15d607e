import { isNamespaceName } from '@slipway/action-kit';
import type { ManifestsChoice } from '@slipway/delivery';
import type { InputReader } from '@slipway/github';

/** `ClusterRole` or `ClusterIssuer.cert-manager.io`. */
const KIND = /^[A-Z][A-Za-z0-9]{0,62}(?:\.[a-z0-9.-]{1,253})?$/;

/** What each key takes as its value. */
const VALUES = {
  namespaces: isNamespaceName,
  'cluster-scoped': (value: string): boolean => KIND.test(value),
} as const;

/** `namespaces=monitoring` and `cluster-scoped=ClusterRole`, as `allow` of a formation has them; each entry counts once. */
export function readAllow(reader: InputReader): ManifestsChoice['allow'] {
  const entries = reader.list('allow').map(readEntry);
  const wrong = entries.flatMap((entry, index) => (entry === undefined ? [index + 1] : []));
  if (wrong.length > 0) reader.problem('allow', describeWrong(wrong), REMEDY);
  const valuesOf = (wanted: keyof typeof VALUES): string[] => [
    ...new Set(entries.flatMap(entry => (entry?.key === wanted ? [entry.value] : []))),
  ];
  return { namespaces: valuesOf('namespaces'), 'cluster-scoped': valuesOf('cluster-scoped') };
}

function readEntry(entry: string): { readonly key: keyof typeof VALUES; readonly value: string } | undefined {
  const equals = entry.indexOf('=');
  const key = (['namespaces', 'cluster-scoped'] as const).find(
    known => known === entry.slice(0, Math.max(0, equals)).trim(),
  );
  const value = entry.slice(equals + 1).trim();
  return key !== undefined && VALUES[key](value) ? { key, value } : undefined;
}

const REMEDY = 'write namespaces=<name> or cluster-scoped=<Kind>, one per line, without wildcards and quotes';
const MOST_NAMED = 3;

/** Which entries are wrong, by their number: what is written there may be anything, a secret too. */
function describeWrong(wrong: readonly number[]): string {
  const named = wrong.slice(0, MOST_NAMED).map(number => `entry ${number}`);
  const more = wrong.length > MOST_NAMED ? ` and ${wrong.length - MOST_NAMED} more` : '';
  const what = wrong.length === 1 ? 'an entry that is' : 'entries that are';
  return `has ${what} neither a namespace nor a kind: ${named.join(', ')}${more}`;
}
