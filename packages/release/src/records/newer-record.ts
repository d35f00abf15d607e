import {
  API_VERSION,
  isJsonObject,
  parseJson,
  parseRelease,
  quote,
  type Release,
  SlipwayError,
} from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { ReleaseErrorCode } from '../error-codes.ts';

/**
 * Parses a record. One with a field that this version does not know is of a newer version, which may have left the release half-way:
 * it is neither built upon nor called broken, since whoever deletes it loses what the release has in the cluster.
 * @throws SlipwayError `record-newer`, and as `parseRelease` does
 */
export function parseRecord(text: string, secret: KubernetesObject): Release {
  try {
    return parseRelease(text, secret.metadata.name);
  } catch (cause) {
    const what = unknownTo(cause) ?? otherFormat(text) ?? otherSteps(text);
    throw what === undefined ? cause : recordNewer(secret, what, cause);
  }
}

/** What a newer version added, in the words for any file. */
function unknownTo(cause: unknown): string | undefined {
  if (!(cause instanceof SlipwayError)) return undefined;
  const unknown = cause.problems.filter(({ code }) => code === 'format-unknown-field');
  return unknown.length === 0 ? undefined : unknown.map(({ message }) => message).join(', ');
}

function otherFormat(text: string): string | undefined {
  const value = jsonOrNull(text);
  if (!isJsonObject(value) || value['kind'] !== 'Release') return undefined;
  const { apiVersion } = value;
  const isOurs = typeof apiVersion === 'string' && apiVersion.startsWith('slipway.dev/');
  return isOurs && apiVersion !== API_VERSION ? `its format is ${quote(apiVersion)}` : undefined;
}

/** What does not fit in the record of a release that goes in steps may be how another version says it. */
function otherSteps(text: string): string | undefined {
  const value = jsonOrNull(text);
  const isInSteps = isJsonObject(value) && value['kind'] === 'Release' && value['steps'] !== undefined;
  return isInSteps ? 'the release goes in steps, and its record has another form' : undefined;
}

function jsonOrNull(text: string): ReturnType<typeof parseJson> {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}

function recordNewer(
  { metadata }: KubernetesObject,
  what: string,
  cause: unknown,
): SlipwayError<ReleaseErrorCode> {
  const { name, namespace } = metadata;
  return new SlipwayError<ReleaseErrorCode>(
    {
      code: 'record-newer',
      message: `the Secret ${quote(name)} in namespace ${quote(String(namespace))} is the release record of a newer version of Slipway (${what}), so that nothing is changed`,
      remedy:
        'use at least the version of Slipway that made this release, and keep the Secret: only it says what the release has in the cluster, and how far it is',
    },
    { cause },
  );
}
