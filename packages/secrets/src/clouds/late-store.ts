import type { SecretReference } from '@slipway/core';
import type { SecretStore } from '../store.ts';

/** A store whose code is loaded when its first secret is read. */
export function lateStore<Reference extends SecretReference>(
  load: () => Promise<SecretStore<Reference>>,
): SecretStore<Reference> {
  let loading: Promise<SecretStore<Reference>> | undefined;
  const store = (): Promise<SecretStore<Reference>> => {
    loading ??= load();
    return loading;
  };
  return {
    read: async reference => await (await store()).read(reference),
    versionOf: async reference => await (await store()).versionOf?.(reference),
  };
}
