import type { ClusterClient } from '@slipway/cluster';
import { type Problem, quote } from '@slipway/core';
import type { ReleaseErrorCode } from '../error-codes.ts';
import type { ReleaseRequest } from '../request.ts';

/** The refusal for a kubeconfig of another cluster than the formation names, which no dry run would reveal. */
export function serverProblems(
  { server }: Pick<ClusterClient, 'server'>,
  { server: wanted }: Pick<ReleaseRequest, 'server'>,
): Problem<ReleaseErrorCode>[] {
  if (wanted === undefined || sameServer(server, wanted)) return [];
  return [
    {
      code: 'server-differs',
      message: `the kubeconfig points to ${quote(server)}, but the formation names ${quote(wanted)}`,
      remedy: 'choose the right kubeconfig and context',
    },
  ];
}

function sameServer(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && new URL(one).href === new URL(other).href;
}
