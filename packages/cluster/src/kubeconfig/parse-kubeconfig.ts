import type { KubeConfig, User } from '@kubernetes/client-node';
import type { JsonObject } from '@slipway/core';
import { refuseUnknownProvider } from '../credentials/login-methods.ts';
import { takeOverPlugin } from '../credentials/plugin-authenticator.ts';
import { takeOverTokenFile } from '../credentials/token-file.ts';
import { kubeconfigError } from '../kubeconfig-error.ts';
import { parseEntries } from './entries.ts';

/** What the file of a kubeconfig means for what it names. */
export interface Origin {
  /** Where relative paths start; undefined for content, which has no folder. */
  readonly folder: string | undefined;
  readonly isInWorkspace: boolean;
}

export interface ParsedKubeconfig {
  readonly config: KubeConfig;
  /** As they are written, by name. */
  readonly clusters: ReadonlyMap<string, JsonObject>;
  readonly users: ReadonlyMap<string, Origin & { readonly entry: JsonObject }>;
}

/** @throws SlipwayError `kubeconfig-invalid` */
export async function parseKubeconfig(
  config: KubeConfig,
  content: string,
  name: string,
  origin: Origin,
): Promise<ParsedKubeconfig> {
  try {
    config.loadFromString(content);
    if (origin.folder !== undefined) config.makePathsAbsolute(origin.folder);
    const { clusters, users } = await parseEntries(content);
    const known = config.users.map(
      user => [user.name, { ...origin, entry: users.get(user.name) ?? {} }] as const,
    );
    return { config, clusters, users: new Map(known.toReversed()) };
  } catch (cause) {
    // The parser's message may repeat a line of the file, and with it a token.
    throw kubeconfigError(
      'kubeconfig-invalid',
      `${name} is not a kubeconfig`,
      'compare it with what `kubectl config view --raw --minify` prints',
      cause,
    );
  }
}

/** As kubectl does: the first file that defines a name wins. */
export function merge(first: ParsedKubeconfig, other: ParsedKubeconfig): ParsedKubeconfig {
  const add = <Entry extends { readonly name: string }>(known: Entry[], more: readonly Entry[]): void => {
    for (const entry of more) if (!known.some(({ name }) => name === entry.name)) known.push(entry);
  };
  add(first.config.clusters, other.config.clusters);
  add(first.config.users, other.config.users);
  add(first.config.contexts, other.config.contexts);
  return {
    config: first.config,
    clusters: new Map([...other.clusters, ...first.clusters]),
    users: new Map([...other.users, ...first.users]),
  };
}

/**
 * Hides how the chosen user logs in from the library, where that would do it wrongly.
 * @param fallback where the relative path of a token file starts in content
 * @throws SlipwayError `kubeconfig-auth-provider`, `kubeconfig-invalid`, `kubeconfig-plugin-interactive`
 */
export function takeOverUser({ config, users }: ParsedKubeconfig, fallback: string): void {
  const user = config.getCurrentUser();
  const known = users.get(user?.name ?? '');
  if (user === null || known === undefined) return;
  refuseUnknownProvider(user);
  const { entry, folder } = known;
  const changed = takeOverTokenFile(takeOverPlugin(user, entry, folder), entry, folder ?? fallback);
  config.users = config.users.map((other: User) => (other === user ? changed : other));
}
