import { formatProblem, type Problem, type Release, type Seal, SlipwayError } from '@slipway/core';
import { describeObject } from '@slipway/kubernetes';
import { type ReadAgain, shownWords } from '@slipway/release';
import { findSecretReference } from '@slipway/render';
import { openWhatAnswers, type SecretRequest, type SecretStores, type SecretVersion } from '@slipway/secrets';
import type { FoundFormation } from '../formation/found-formation.ts';
import { checkSeals } from '../guard/seals.ts';
import type { SecretAccess } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { filler } from './open-secrets.ts';
import { openStoresOf, recordedSecret, warnOfLeases } from './stores.ts';

/** What a rollback does to one secret. */
export interface RestoredSecret {
  readonly word: string;
  /** Whether it is read from its store, and not restored. */
  readonly isRead: boolean;
  /** The entry of this checkout; undefined if there is none. */
  readonly request: SecretRequest | undefined;
  /** The version that the store has now, as far as it tells. */
  readonly now: SecretVersion | undefined;
}

export interface SecretsReadAgain {
  readonly again: ReadAgain | undefined;
  /** All secrets of the restored release, by word. */
  readonly restored: readonly RestoredSecret[];
}

/**
 * Reads from their stores what is not to be restored, and looks up which versions the stores have of the rest. What cannot be read is
 * restored as it was kept, with a warning: a rollback must not depend on a store that does not answer.
 * @throws SlipwayError `seal-misplaced`
 */
export async function readSecretsAgain(
  release: Release,
  { identity, checkout }: FoundFormation,
  access: SecretAccess,
  surroundings: DeliverySurroundings,
): Promise<SecretsReadAgain> {
  const words = [...new Set(release.seals.map(({ word }) => word))].sort();
  if (words.length === 0) return { again: undefined, restored: [] };
  checkSeals({ seals: release.seals, identity });
  const known = new Map(words.map(word => [word, requestFor(word, { identity, checkout })]));
  const all = scalarsOf(release);
  const scalars = all.filter(seals => seals.some(({ word }) => isCurrent(known.get(word))));
  const wanted = new Set(scalars.flat().map(({ word }) => word));
  const requests = [...known.values()].filter(request => request !== undefined);
  const { values, versions, failed } = await openWhatAnswers(
    {
      requests: requests.filter(({ word }) => wanted.has(word)),
      stores: await storesOf(checkout, access, surroundings),
      allowances: access.allowances,
      mask: surroundings.mask,
    },
    requests.filter(({ word }) => !wanted.has(word)),
  );
  const isFilled = (scalar: readonly Seal[]): boolean => scalar.every(({ word }) => values.has(word));
  const filled = scalars.filter(isFilled);
  warnOfFailures(release, failed, surroundings);
  warnOfUnknown(release, known, surroundings);
  const kept = all.filter(scalar => !filled.includes(scalar));
  const partly = new Set(filled.flat().map(({ word }) => word));
  warnOfShared(release, { kept, read: partly, known }, surroundings);
  // One of which any field has its old value was not read: its version in the record is the old one.
  const read = partly.difference(new Set(kept.flat().map(({ word }) => word)));
  const recorded = requests
    .filter(({ word }) => read.has(word))
    .map(request => recordedSecret(request, versions.get(request.word), surroundings.clock()));
  warnOfLeases(recorded, surroundings);
  const seals = filled.flat();
  const fill = filler(seals, identity.namespace, values, surroundings.mask);
  return {
    again: seals.length === 0 ? undefined : { seals, fill, versions: recorded },
    restored: words.map(word => ({
      ...{ word, isRead: read.has(word) },
      ...{ request: known.get(word), now: versions.get(word) },
    })),
  };
}

/** None where they cannot be opened, as with a certificate authority that cannot be read: nothing of that stops a rollback. */
async function storesOf(
  checkout: FoundFormation['checkout'],
  access: SecretAccess,
  surroundings: DeliverySurroundings,
): Promise<SecretStores> {
  if (checkout === undefined) return {};
  try {
    return await openStoresOf(checkout.repository, access, surroundings);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    for (const problem of error.problems) surroundings.logger.warning(formatProblem(problem));
    return {};
  }
}

/** The entry of a word; one that the config does not have any more is kept. */
function requestFor(
  word: string,
  { identity, checkout }: Pick<FoundFormation, 'identity' | 'checkout'>,
): SecretRequest | undefined {
  if (checkout === undefined) return undefined;
  const target = { formation: identity.formation, destination: identity.destination ?? '' };
  try {
    const { reference, at } = findSecretReference(checkout.repository, target, word);
    return { word, reference, at };
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}

function isCurrent(request: SecretRequest | undefined): boolean {
  return request?.reference['on-rollback'] === 'current';
}

/** The seals of each scalar: one that has several secrets is written as a whole. */
function scalarsOf({ seals, namespace }: Release): Seal[][] {
  const name = ({ object, pointer }: Seal): string =>
    [object.namespace ?? namespace, object.name, pointer].join('\0');
  return [...Map.groupBy(seals, name).values()];
}

/** What a release gets of a secret that is not read; a copy that was removed refuses it later, if nothing else holds the secret. */
function keptText({ number, secrets = [] }: Release, word: string): string {
  const isForgotten = secrets.some(entry => entry.word === word && entry.forgotten !== undefined);
  return isForgotten
    ? `what release ${number} kept of it was removed by "mode: forget"`
    : `release ${number} gets it as kept`;
}

function warnOfFailures(
  release: Release,
  failed: ReadonlyMap<string, Problem>,
  { logger }: DeliverySurroundings,
): void {
  for (const [word, problem] of failed)
    logger.warning(
      `secret.${word} was not read from its store, and ${keptText(release, word)}: ${formatProblem(problem)}`,
    );
}

interface KeptFields {
  readonly kept: readonly Seal[][];
  /** Secrets that are read for other fields. */
  readonly read: ReadonlySet<string>;
  readonly known: ReadonlyMap<string, SecretRequest | undefined>;
}

/** A scalar that lacks one of its secrets is kept whole, also with the old value of one that is read for the others. */
function warnOfShared(
  { number, secrets = [] }: Release,
  { kept, read, known }: KeptFields,
  { logger }: DeliverySurroundings,
): void {
  for (const scalar of kept) {
    const words = [...new Set(scalar.map(({ word }) => word))];
    const old = words.filter(word => read.has(word));
    const [first] = scalar;
    if (first === undefined || old.length === 0) continue;
    // The rollback is refused then, which says why.
    if (secrets.some(({ word, forgotten }) => forgotten !== undefined && words.includes(word))) continue;
    const lacking = words.filter(word => !read.has(word));
    const isWanted = words.some(word => isCurrent(known.get(word)));
    const why = isWanted
      ? `${shownWords(lacking)} of the same field was not read`
      : `its "on-rollback" is not "current"`;
    logger.warning(
      `Release ${number} gets ${shownWords(old)} as kept in ${describeObject(first.object)} at ${first.pointer}, although it is read from its store for other fields, since ${why}`,
    );
  }
}

/** What the record says is to be read again, and the checkout has no entry for. */
function warnOfUnknown(
  release: Release,
  known: ReadonlyMap<string, SecretRequest | undefined>,
  { logger }: DeliverySurroundings,
): void {
  for (const { word, onRollback } of release.secrets ?? [])
    if (onRollback === 'current' && known.has(word) && known.get(word) === undefined)
      logger.warning(
        `secret.${word} has no entry in this checkout that says where it is stored, and ${keptText(release, word)}`,
      );
}
