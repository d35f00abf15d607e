import { type EnvironmentReference, quote, SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from './error-codes.ts';
import type { SecretStore } from './store.ts';

/** The variables of the step: GitHub's secrets get here by the workflow's `env`. An empty one counts as none. */
export function environmentStore(
  environment: Readonly<Record<string, string | undefined>>,
): SecretStore<EnvironmentReference> {
  return {
    async read({ name }) {
      const value = environment[name];
      if (value) return Buffer.from(value, 'utf8');
      throw new SlipwayError<SecretsErrorCode>({
        code: 'secret-missing',
        message: `the environment of the step has no ${quote(name)}`,
        remedy: 'set it under "env:" of the step',
      });
    },
  };
}
