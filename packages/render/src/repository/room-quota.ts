import { type Problem, quote, ROOM_DEFAULTS, ROOM_QUOTA, type SpawnBlock } from '@slipway/core';
import { parseQuantity } from '@slipway/kubernetes';
import type { RenderErrorCode } from '../error-codes.ts';
import type { FormationFile } from './repository.ts';

/** What a namespace with a quota of its own is given, and what its containers have by default. */
export type RoomBlock = Pick<SpawnBlock, 'quota' | 'defaults'>;

/** Quotas that are more than an instance may have, and those into which not even one container fits that asks for nothing. */
export function roomQuotaProblems({
  formation,
  document,
}: Pick<FormationFile, 'formation' | 'document'>): Problem<RenderErrorCode>[] {
  const { spawn } = formation.spec;
  if (spawn?.form !== 'create') return [];
  const found = Object.entries(ROOM_QUOTA).flatMap(
    ([resource, most]): { resource: string; message: string; remedy: string }[] => {
      const own = spawn.quota?.[resource as keyof typeof ROOM_QUOTA];
      if (own !== undefined && isMore(own, most))
        return [
          {
            resource,
            message: `the quota of ${quote(resource)} is ${own}, and an instance has ${most} at most`,
            remedy: 'write less, or leave it out',
          },
        ];
      const least = defaultOf(spawn, resource);
      if (least === undefined || !isMore(least, own ?? most)) return [];
      return [
        {
          resource,
          message: `no pod fits into the quota of ${quote(resource)}: a container that asks for nothing has ${least}, and the quota is ${own ?? most}`,
          remedy: 'raise the quota, or lower spec.spawn.defaults',
        },
      ];
    },
  );
  return found.map(({ resource, ...problem }) => ({
    code: 'spawn-quota-invalid',
    at:
      spawn.quota === undefined || !(resource in spawn.quota)
        ? document.keyPositionOf(['spec', 'spawn'])
        : document.positionOf(['spec', 'spawn', 'quota', resource]),
    ...problem,
  }));
}

/** What one container takes of a quota by itself; undefined for a resource of which it takes none. */
function defaultOf({ defaults = {} }: RoomBlock, resource: string): string | undefined {
  if (resource === 'pods') return '1';
  const [, kind, name = ''] = /^(requests|limits)\.(.*)$/.exec(resource) ?? [];
  if (kind !== 'requests' && kind !== 'limits') return undefined;
  const all: Readonly<Record<string, string>> = { ...ROOM_DEFAULTS[kind], ...defaults[kind] };
  return all[name];
}

function isMore(one: string, other: string): boolean {
  return parseQuantity(one).nanos > parseQuantity(other).nanos;
}
