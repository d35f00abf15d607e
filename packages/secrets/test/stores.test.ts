import { describe, expect, it } from '@jest/globals';
import { configSchema } from '@slipway/core';
import { parseAllowances, type SettingsReader, type StoreName, storeKind } from '@slipway/secrets';
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
});

/** The remedies for what a store misses where a step says nothing. */
function problemsOf(name: StoreName, isNeeded: boolean): string[] {
  const remedies: string[] = [];
  const reader: SettingsReader = {
    environment: {},
    allowances: [],
    text: () => '',
    problem: (_input, _message, remedy) => void remedies.push(remedy),
    parse: (_input, parse) => parse(),
  };
  storeKind(name).readSettings(reader, isNeeded);
  return remedies;
}
