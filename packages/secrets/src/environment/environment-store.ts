import { quote, SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from '../error-codes.ts';
import type { ReferenceTo, SecretStore, SecretStoreKind } from '../store.ts';

type EnvironmentReference = ReferenceTo<'env'>;

const REMEDY = 'set it under "env:" of the step, or in a line of "secret-values"';

export const environmentStoreKind: SecretStoreKind<EnvironmentReference, Variables> = {
  title: "the step's environment",
  example: 'env=NAME',
  linesAre: 'names',
  addressOf: ({ name }) => name,
  credentials: [],
  credentialsRemedy: REMEDY,
  readSettings: ({ released }) => released,
  open: async (_surroundings, released) => environmentStore(released),
};

type Variables = Readonly<Record<string, string | undefined>>;

/** The variables of the step, into which a workflow's `env` puts GitHub's secrets. An empty variable counts as missing. */
export function environmentStore(environment: Variables): SecretStore<EnvironmentReference> {
  return {
    async read({ name }) {
      const value = environment[name];
      if (value) return Buffer.from(value, 'utf8');
      throw new SlipwayError<SecretsErrorCode>({
        code: 'secret-missing',
        message: `the environment of the step has no ${quote(name)}`,
        remedy: REMEDY,
      });
    },
  };
}
