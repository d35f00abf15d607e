import { type Problem, quote, ROOM_DEFAULTS, ROOM_MIN, ROOM_QUOTA, type SpawnBlock } from '@slipway/core';
import { parseQuantity } from '@slipway/kubernetes';
import type { RenderErrorCode } from '../error-codes.ts';
import type { FormationFile } from './repository.ts';

/** What a namespace with a quota of its own is given, and what its containers have by default. */
export type RoomBlock = Pick<SpawnBlock, 'quota' | 'defaults'>;

/**
 * Quotas that are more than an instance may have, those into which not even one container fits that asks for nothing, and defaults by
 * which such a container would ask for more than it may use.
 */
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
  const ofQuotas = found.map(({ resource, ...problem }) => ({
    code: 'spawn-quota-invalid' as const,
    at:
      spawn.quota === undefined || !(resource in spawn.quota)
        ? document.keyPositionOf(['spec', 'spawn'])
        : document.positionOf(['spec', 'spawn', 'quota', resource]),
    ...problem,
  }));
  const at = document.keyPositionOf(['spec', 'spawn', 'defaults']);
  const ofDefaults = defaultProblems(spawn).map(problem => ({
    code: 'spawn-quota-invalid' as const,
    at,
    ...problem,
  }));
  return [...ofQuotas, ...ofDefaults];
}

/**
 * No LimitRange may have a request above its limit, also where only one of the two is the formation's own, nor a default below the least
 * that a container may have: a limit of nothing would keep it from nothing.
 */
function defaultProblems({ defaults = {} }: RoomBlock): { message: string; remedy: string }[] {
  return [...lowDefaults(defaults), ...crossedDefaults(defaults)];
}

type Defaults = NonNullable<RoomBlock['defaults']>;

function lowDefaults(defaults: Defaults): { message: string; remedy: string }[] {
  const kinds = ['requests', 'limits'] as const;
  const own = kinds.flatMap(kind =>
    Object.entries(defaults[kind] ?? {}).map(([name, amount]) => ({ kind, name, amount })),
  );
  return own.flatMap(({ kind, name, amount }) => {
    if (!isLow(name, amount)) return [];
    const least = ROOM_MIN[name as keyof typeof ROOM_MIN];
    return [
      {
        message: `${quote(name)} in the ${kind} of spec.spawn.defaults is ${amount}, and a container has ${least} at least`,
        remedy: 'write more, or leave it out',
      },
    ];
  });
}

function isLow(name: string, amount: string): boolean {
  return isMore(ROOM_MIN[name as keyof typeof ROOM_MIN], amount);
}

function crossedDefaults(defaults: Defaults): { message: string; remedy: string }[] {
  const requests: Readonly<Record<string, string>> = { ...ROOM_DEFAULTS.requests, ...defaults.requests };
  const limits: Readonly<Record<string, string>> = { ...ROOM_DEFAULTS.limits, ...defaults.limits };
  return Object.entries(requests).flatMap(([resource, request]) => {
    const limit = limits[resource];
    if (limit === undefined || isLow(resource, limit) || !isMore(request, limit)) return [];
    return [
      {
        message: `a container that asks for nothing would request ${request} of ${quote(resource)}, and its limit is ${limit}`,
        remedy: `lower spec.spawn.defaults.requests, or raise spec.spawn.defaults.limits`,
      },
    ];
  });
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
