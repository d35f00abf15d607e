import { randomBytes } from 'node:crypto';
import type { ClusterClient } from '@slipway/cluster';
import { inParallel, isJsonObject, sha256 } from '@slipway/core';
import { type KubernetesObject, RECORD_OF, RECORD_PART_TYPE } from '@slipway/kubernetes';
import { recordName } from '../names.ts';
import { ownSecret } from './own-secret.ts';
import type { RecordOwner } from './records.ts';

/** Bytes that fit into a Secret, with room for its metadata within etcd's limit: https://kubernetes.io/docs/concepts/configuration/secret/ */
export const MAX_SECRET_BYTES = 1_000_000;

/** A Secret that contains a part of a record, and the digest that the part must have. */
export interface RecordPart {
  readonly name: string;
  readonly digest: string;
}

/** The Secrets of a content that is too large for one, and the names and digests to find it by. */
export interface Parts {
  readonly parts: readonly RecordPart[];
  readonly secrets: readonly KubernetesObject[];
}

/**
 * Splits a content. The names are random, so that the parts of a run that died before it wrote its record do not conflict with
 * others; by their label they are deleted with the record of that number.
 */
export function splitContent(owner: RecordOwner, number: number, content: Buffer): Parts {
  const count = Math.ceil(content.length / MAX_SECRET_BYTES);
  const prefix = `${recordName(owner, number)}.${randomBytes(4).toString('hex')}`;
  const pieces = Array.from({ length: count }, (_piece, index) =>
    content.subarray(index * MAX_SECRET_BYTES, (index + 1) * MAX_SECRET_BYTES),
  );
  const names = pieces.map((_piece, index) => `${prefix}.${index + 1}`);
  return {
    parts: pieces.map((piece, index) => ({ name: names[index] ?? '', digest: sha256(piece) })),
    secrets: pieces.map((piece, index) => partSecret(owner, number, names[index] ?? '', piece)),
  };
}

function partSecret(owner: RecordOwner, number: number, name: string, piece: Buffer): KubernetesObject {
  return ownSecret(owner, {
    name,
    type: RECORD_PART_TYPE,
    labels: { [RECORD_OF]: String(number) },
    immutable: true,
    data: { part: piece.toString('base64') },
  });
}

/** The content of a record's parts; undefined if one is missing or was changed. */
export async function readParts(
  client: ClusterClient,
  { namespace }: RecordOwner,
  parts: readonly RecordPart[],
): Promise<Buffer | undefined> {
  const pieces = await inParallel(parts, async ({ name, digest }) => {
    const secret = await client.get({ apiVersion: 'v1', kind: 'Secret', namespace, name });
    const data = secret?.['data'];
    const part = isJsonObject(data) ? data['part'] : undefined;
    const piece = Buffer.from(typeof part === 'string' ? part : '', 'base64');
    return sha256(piece) === digest ? piece : undefined;
  });
  const present = pieces.filter(piece => piece !== undefined);
  return present.length === pieces.length ? Buffer.concat(present) : undefined;
}
