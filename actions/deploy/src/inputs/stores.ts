import type { SecretAccess } from '@slipway/delivery';
import type { InputReader } from '@slipway/github';
import { parseAllowances, readStoreSettings } from '@slipway/secrets';

/** @param opened whether this run opens secrets, so that missing credentials are a problem */
export function readSecretAccess(reader: InputReader, opened: boolean): SecretAccess {
  const allowances = reader.parse('secrets', () => parseAllowances(reader.list('secrets'))) ?? [];
  const needed = new Set(opened ? allowances.map(({ store }) => store) : []);
  return { allowances, settings: readStoreSettings(reader, needed) };
}
