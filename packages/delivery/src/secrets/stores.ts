import { join } from 'node:path';
import { defined, type RecordedSecret } from '@slipway/core';
import { filesBelow, type Repository } from '@slipway/render';
import {
  addressOf,
  openStores,
  riskyLines,
  type SecretRequest,
  type SecretStores,
  type SecretVersion,
} from '@slipway/secrets';
import type { SecretAccess } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';

/** The stores for which the step has credentials. */
export async function openStoresOf(
  repository: Repository,
  { allowances, settings, values }: SecretAccess,
  surroundings: DeliverySurroundings,
): Promise<SecretStores> {
  const { workspace, exec, idToken, mask, signal, logger } = surroundings;
  for (const line of riskyLines(allowances)) logger.warning(line);
  const environment = { ...surroundings.environment, ...values };
  const files = filesBelow(join(workspace, repository.directory));
  const readFile = (file: string): Promise<Uint8Array | undefined> => files.read(file);
  return await openStores(
    { environment, allowances, workspace, exec, idToken, logger, mask, signal, readFile },
    settings,
  );
}

/** What the record says of a secret that was read now. */
export function recordedSecret(
  { word, reference }: SecretRequest,
  { id, since, lasts }: SecretVersion = {},
  now: Date,
): RecordedSecret {
  const expires = lasts === undefined ? undefined : new Date(now.getTime() + lasts * 1_000).toISOString();
  return {
    word,
    from: reference.from,
    address: addressOf(reference),
    read: now.toISOString(),
    ...defined({ version: id, since, expires }),
    ...(reference['on-rollback'] === 'current' ? { onRollback: 'current' } : {}),
  };
}

/** A store that lends a secret takes it back, whatever still uses it. */
export function warnOfLeases(
  secrets: readonly RecordedSecret[],
  { logger }: Pick<DeliverySurroundings, 'logger'>,
): void {
  for (const { word, expires } of secrets)
    if (expires !== undefined)
      logger.warning(
        `secret.${word} is lent until ${expires} at the latest, and nothing renews it: deploy again before that`,
      );
}
