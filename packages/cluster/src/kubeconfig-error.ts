import { SlipwayError } from '@slipway/core';
import type { ClusterErrorCode } from './error-codes.ts';

/** An error about a kubeconfig, before anything was sent to a cluster. */
export function kubeconfigError(
  code: ClusterErrorCode,
  message: string,
  remedy: string,
  cause?: unknown,
): SlipwayError<ClusterErrorCode> {
  return new SlipwayError({ code, message, remedy }, { cause });
}
