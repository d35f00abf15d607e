import { describe, expect, it } from '@jest/globals';
import { configSchema } from '@slipway/core';
import { parseAllowances, storeKind } from '@slipway/secrets';
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
      const missing = storeKind(name).missingCredentials({ environment: {}, vault: undefined });
      expect(missing?.remedy).toMatch(/^(?:set|write) /);
    },
  );
});
