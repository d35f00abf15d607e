import type { ClusterClient } from '@slipway/cluster';
import { type Problem, quote } from '@slipway/core';
import type { ReleaseErrorCode } from '../error-codes.ts';
import type { ReleaseRequest } from '../request.ts';

/** A kubeconfig of the wrong cluster is the one mistake that no dry run shows. */
export function serverProblems(
  { server }: Pick<ClusterClient, 'server'>,
  { server: wanted }: ReleaseRequest,
): Problem<ReleaseErrorCode>[] {
  if (wanted === undefined || sameServer(server, wanted)) return [];
  return [
    {
      code: 'server-differs',
      message: `the kubeconfig leads to ${quote(server)}, and the formation wants ${quote(wanted)}`,
      remedy: 'choose the right kubeconfig and context',
    },
  ];
}

function sameServer(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && new URL(one).href === new URL(other).href;
}
