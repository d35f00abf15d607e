import { isNamespaceName } from '@slipway/action-kit';
import type { ManifestsChoice } from '@slipway/delivery';
import type { InputReader } from '@slipway/github';

const KEYS = ['namespaces', 'cluster-scoped'] as const;
/** `ClusterRole` or `ClusterIssuer.cert-manager.io`. */
const KIND = /^[A-Z][A-Za-z0-9]*(?:\.[a-z0-9.-]+)?$/;

/** `namespaces=monitoring` and `cluster-scoped=ClusterRole`, as `allow` of a formation has them. */
export function readAllow(reader: InputReader): ManifestsChoice['allow'] {
  const allowed: Record<(typeof KEYS)[number], string[]> = { namespaces: [], 'cluster-scoped': [] };
  for (const entry of reader.list('allow')) {
    const equals = entry.indexOf('=');
    const value = entry.slice(equals + 1).trim();
    const key = KEYS.find(known => known === entry.slice(0, Math.max(0, equals)).trim());
    const isValid = key === 'namespaces' ? isNamespaceName(value) : KIND.test(value);
    if (key !== undefined && isValid) allowed[key].push(value);
    else
      reader.problem(
        'allow',
        'has an entry that is neither a namespace nor a kind',
        'write namespaces=<name> or cluster-scoped=<Kind>, one per line',
      );
  }
  return allowed;
}
