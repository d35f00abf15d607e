import { quote, SlipwayError } from '@slipway/core';
import type { RegistryErrorCode } from '../error-codes.ts';
import { refusal, saidIn } from '../http/answers.ts';
import type { Exchange } from '../http/client.ts';
import { formatReference, type Reference } from '../reference.ts';

/**
 * By which a registry refuses what it understood: a type that it does not take, or a tag that may not move (ECR 400, Azure 405,
 * Quay 409, Harbor 412).
 */
const REFUSALS = new Set([400, 405, 409, 412, 415, 422]);

/** The error for a manifest that a registry did not take. */
export function refusedManifest(answer: Exchange, reference: Reference): SlipwayError<RegistryErrorCode> {
  const { registry } = reference;
  if (!REFUSALS.has(answer.status)) return refusal(answer, registry, `take ${formatReference(reference)}`);
  return new SlipwayError({
    code: 'manifest-refused',
    message: `the registry ${quote(registry)} refused to take ${formatReference(reference)} (${saidIn(answer)})`,
    remedy: 'if it takes images only, let it take OCI artifacts as well, or use another registry',
  });
}

/**
 * The error for a tag that exists and may not be moved; any other refusal remains what it is.
 * @param remedy what to do about it
 */
export function tagImmutable(reference: Reference, refused: unknown, remedy: string): unknown {
  if (!(refused instanceof SlipwayError) || refused.code !== 'manifest-refused') return refused;
  return new SlipwayError<RegistryErrorCode>(
    {
      code: 'tag-immutable',
      message: `the registry ${quote(reference.registry)} does not let the tag ${quote(formatReference(reference))} be moved`,
      remedy,
    },
    { cause: refused },
  );
}
