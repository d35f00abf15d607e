import type { SecretReference } from '@slipway/core';

/** A place where secrets live. */
export interface SecretStore {
  readonly from: SecretReference['from'];
  /** What users call it. */
  readonly title: string;
  /** The value, or undefined where the store has none; an empty value counts as none. */
  read(reference: SecretReference): Promise<string | undefined>;
}

/** The variables of the step: GitHub's secrets get here by the workflow's `env`. */
export function environmentStore(environment: Readonly<Record<string, string | undefined>>): SecretStore {
  return {
    from: 'env',
    title: 'the environment of the step',
    read: async ({ name }) => environment[name] || undefined,
  };
}
