import { quote, type SlipwayError } from '@slipway/core';
import { Fields } from '../entries/fields.ts';
import type { ClusterErrorCode } from '../error-codes.ts';
import { kubeconfigError } from '../kubeconfig-error.ts';
import type { Entry, Kubeconfig } from './parse-kubeconfig.ts';

/** The entries that a context joins, with their names. */
export interface ChosenEntries {
  readonly cluster: Entry & { readonly name: string };
  readonly user: Entry & { readonly name: string };
}

/**
 * The cluster and the user of a context, or of the only one if none is named.
 * @throws SlipwayError `kubeconfig-context`, `kubeconfig-invalid`
 */
export function chooseContext(kubeconfig: Kubeconfig, context: string): ChosenEntries {
  const names = [...kubeconfig.contexts.keys()];
  const [only = ''] = names;
  const name = context === '' && names.length === 1 ? only : context;
  const chosen = kubeconfig.contexts.get(name);
  if (chosen === undefined) throw contextError(context, names);
  const fields = new Fields(chosen.entry, `context ${quote(name)} of the kubeconfig`);
  const [clusterName, userName] = [fields.text('cluster'), fields.text('user')];
  const [cluster, user] = [kubeconfig.clusters.get(clusterName), kubeconfig.users.get(userName)];
  if (cluster === undefined || user === undefined) {
    const missing = [
      ...(cluster === undefined ? ['a cluster'] : []),
      ...(user === undefined ? ['a user'] : []),
    ];
    const isOne = missing.length === 1;
    throw fields.wrong(
      `names ${missing.join(' and ')} that ${isOne ? 'is' : 'are'} not in it`,
      isOne ? 'add it' : 'add both',
    );
  }
  return { cluster: { ...cluster, name: clusterName }, user: { ...user, name: userName } };
}

function contextError(context: string, names: readonly string[]): SlipwayError<ClusterErrorCode> {
  const [what, remedy] =
    names.length === 0
      ? ['the kubeconfig has no context', 'add one, with a cluster and a user']
      : [
          context === ''
            ? `the kubeconfig has ${names.length} contexts, and none is chosen`
            : `the kubeconfig has no context ${quote(context)}`,
          `set context to one of ${names.map(quote).join(', ')}`,
        ];
  return kubeconfigError('kubeconfig-context', what, remedy);
}
