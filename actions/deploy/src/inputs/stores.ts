import type { SecretAccess } from '@slipway/delivery';
import type { InputReader } from '@slipway/github';
import {
  allowanceEntries,
  parseAllowances,
  parseSecretValues,
  readStoreSettings,
  type SecretValues,
  storesOf,
} from '@slipway/secrets';

/** @param opened whether this run opens secrets, so that missing credentials are a problem */
export function readSecretAccess(reader: InputReader, opened: boolean): SecretAccess {
  const allowances = reader.parse('secrets', () => parseAllowances(allowanceEntries(reader.text('secrets'))));
  const values = allowances === undefined ? {} : readSecretValues(reader, allowances);
  const needed = storesOf(opened ? (allowances ?? []) : []);
  const environment = { ...reader.environment, ...values };
  const settings = readStoreSettings({ ...reader, environment, allowances: allowances ?? [] }, needed);
  return { allowances: allowances ?? [], settings, values };
}

/** Two values of one variable are refused, as either could be the one that is meant. */
function readSecretValues(reader: InputReader, allowances: SecretAccess['allowances']): SecretValues {
  const input = 'secret-values';
  const values = reader.parse(input, () => parseSecretValues(reader.untrimmed(input), allowances)) ?? {};
  for (const [name, value] of Object.entries(values)) {
    const other = reader.environment[name];
    if (other !== undefined && other !== '' && other !== value)
      reader.problem(
        input,
        `and the step's environment set ${name} to different values`,
        'remove one of them',
      );
  }
  return values;
}
