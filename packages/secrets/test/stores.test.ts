import { describe, expect, it } from '@jest/globals';
import { configSchema } from '@slipway/core';
import {
  parseAllowances,
  readStoreSettings,
  type SettingsReader,
  type StoreName,
  storeKind,
} from '@slipway/secrets';
import { STORE_NAMES } from '../src/stores.ts';

/** The stores that a config may refer to, from its schema. */
const branches = configSchema.properties.spec.properties.secrets.additionalProperties.oneOf.map(
  branch => branch.properties.from.const,
);

describe('every store', () => {
  it('that a config may refer to has a row, and no other', () => {
    expect([...STORE_NAMES].sort()).toEqual([...branches].sort());
  });

  it.each(STORE_NAMES)('%s has an example that the input "secrets" accepts', name => {
    const { example } = storeKind(name);
    expect(parseAllowances([example])).toEqual([{ store: name, name: example.slice(name.length + 1) }]);
  });

  it.each(STORE_NAMES.filter(name => name !== 'env'))(
    '%s says what is missing in an empty environment',
    name => {
      expect(problemsOf(name, true)).toEqual([expect.stringMatching(/^(?:set|write) /)]);
      expect(problemsOf(name, false)).toEqual([]);
    },
  );

  const client = '22222222-2222-2222-2222-222222222222';
  const federated = {
    AZURE_CLIENT_ID: client,
    AZURE_TENANT_ID: client,
    AZURE_FEDERATED_TOKEN_FILE: '/token',
  };
  const session = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' };
  it.each([
    ['aws', session, 'AWS_SECRET_ACCESS_KEY'],
    ['aws-ssm', { AWS_ROLE_ARN: 'role', AWS_WEB_IDENTITY_TOKEN_FILE: '/token' }, 'AWS_ROLE_ARN'],
    ['gcp', { GOOGLE_OAUTH_ACCESS_TOKEN: 'token' }, 'GOOGLE_OAUTH_ACCESS_TOKEN'],
    ['azure', federated, 'AZURE_CLIENT_ID'],
    ['sops', { SOPS_AGE_KEY: 'AGE-SECRET-KEY-1' }, 'SOPS_AGE_KEY'],
  ] as const)('%s misses a login whose variable an env= line names', (store, environment, name) => {
    expect(problemsOf(store, true, { environment })).toEqual([]);
    const allowances = [{ store: 'env', name }] as const;
    expect(problemsOf(store, true, { environment, allowances })).toHaveLength(1);
  });
});

/** The remedies for what a store misses where a step has no inputs. */
function problemsOf(
  name: StoreName,
  isNeeded: boolean,
  more: Partial<Pick<SettingsReader, 'environment' | 'allowances'>> = {},
): string[] {
  const remedies: string[] = [];
  const reader = {
    environment: {},
    allowances: [],
    text: () => '',
    problem: (_input: string, _message: string, remedy: string) => void remedies.push(remedy),
    parse: <Result>(_input: string, parse: () => Result) => parse(),
    ...more,
  };
  readStoreSettings(reader, new Set(isNeeded ? [name] : []));
  return remedies;
}
