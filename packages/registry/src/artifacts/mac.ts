import {
  HOLD_ARTIFACT_TYPE,
  isJsonObject,
  type JsonValue,
  PART_ARTIFACT_TYPE,
  quote,
  type SignedThing,
  SlipwayError,
  SNAPSHOT_ARTIFACT_TYPE,
  sha256,
  textMap,
  VERDICT_ARTIFACT_TYPE,
} from '@slipway/core';
import type { RegistryErrorCode } from '../error-codes.ts';
import type { RegistryClient } from '../http/client.ts';
import type { Manifest } from '../manifests/manifests.ts';
import { formatReference, type Reference } from '../reference.ts';

/** The annotation of an artifact's manifest that holds its MAC. */
const MAC = 'dev.slipway.mac';

const THINGS: Readonly<Record<string, SignedThing>> = {
  [SNAPSHOT_ARTIFACT_TYPE]: 'snapshot',
  [VERDICT_ARTIFACT_TYPE]: 'verdict',
  [HOLD_ARTIFACT_TYPE]: 'hold',
  [PART_ARTIFACT_TYPE]: 'part',
};

interface SignedArtifact {
  readonly type: string;
  readonly content: string;
  /** The digest of the manifest that it is about. */
  readonly subject: string | undefined;
}

/**
 * What a MAC covers: the file, which names application, registry, deployment tag, formation and destination, and which snapshot a
 * verdict is about. The tag is outside: everyone who reads a tag compares it with what the file says.
 */
function covered({ content, subject }: SignedArtifact): JsonValue {
  return { content: sha256(content), subject: subject ?? null };
}

/** The annotations that sign a manifest; none without keys. */
export function macAnnotation({ recordKeys }: RegistryClient, artifact: SignedArtifact) {
  const thing = THINGS[artifact.type];
  if (recordKeys === undefined || thing === undefined) return {};
  return { annotations: { [MAC]: recordKeys.sign(thing, covered(artifact)) } };
}

/** @throws SlipwayError `artifact-unverified` if there are keys and none of them fits */
export function verifyMac(
  { recordKeys }: RegistryClient,
  reference: Reference,
  { manifest, content }: { readonly manifest: Manifest; readonly content: string },
): void {
  const { artifactType, subject, annotations } = manifest.content;
  const thing = THINGS[String(artifactType)];
  if (recordKeys === undefined || thing === undefined) return;
  const mac = textMap(annotations ?? null)[MAC];
  const about = isJsonObject(subject) ? String(subject['digest']) : undefined;
  const artifact = { type: String(artifactType), content, subject: about };
  if (!recordKeys.verifies(thing, covered(artifact), mac))
    throw unverified(thing, formatReference(reference), mac === undefined);
}

function unverified(
  thing: SignedThing,
  reference: string,
  isMissing: boolean,
): SlipwayError<RegistryErrorCode> {
  return new SlipwayError<RegistryErrorCode>({
    code: 'artifact-unverified',
    message: `the ${thing} ${quote(reference)} has ${isMissing ? 'no MAC' : 'a MAC that no key of record-key made'}`,
    remedy: isMissing
      ? 'build and verify again with record-key set; to accept what was written before there was a key, add the line accept-unsigned to record-key once'
      : 'add the key that signed it as another line of record-key, or find out who pushed it',
  });
}

/** The error for a mark that no verdict confirms. */
export function unverifiedMark(reference: string): SlipwayError<RegistryErrorCode> {
  return new SlipwayError<RegistryErrorCode>({
    code: 'artifact-unverified',
    message: `${quote(reference)} says that its snapshot passed, but no verdict with a MAC of record-key does`,
    remedy: 'verify the release again with record-key set; if it was, find out who moved the tag',
  });
}
