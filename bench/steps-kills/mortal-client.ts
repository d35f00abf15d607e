import type { ClusterClient } from '@slipway/cluster';

/** What a run throws whose process was killed. */
class Killed extends Error {}

export interface Mortal {
  readonly client: ClusterClient;
  readonly life: Life;
}

/** What was asked of the API server until now. */
export interface Life {
  requests: number;
  writes: number;
  isOver: boolean;
  /** The last write, such as `apply Service api`. */
  last: string;
}

export interface Death {
  /** The number of the write at which the process dies. */
  readonly at: number;
  /** Whether that write reaches the server, without its answer being seen. */
  readonly isSent: boolean;
}

const READS = ['get', 'list', 'listMetadata', 'watch', 'openApi', 'review', 'logs'] as const;
const WRITES = ['apply', 'create', 'update', 'patch', 'delete'] as const;

/** A client that counts, and whose process dies at a write: nothing is sent afterwards, and nothing is read. */
export function mortalClient(client: ClusterClient, death?: Death): Mortal {
  const life: Life = { requests: 0, writes: 0, isOver: false, last: '' };
  const count = (): void => {
    if (life.isOver) throw new Killed('the process was killed');
    life.requests += 1;
  };
  const methods = client as unknown as Record<string, Method>;
  const reading = (name: string) => [name, mortalRead(methods[name] as Method, count)] as const;
  const writing = (name: string) =>
    [name, mortalWrite({ name, method: methods[name] as Method, count, life, death })] as const;
  const mortal = {
    ...client,
    ...Object.fromEntries(READS.map(reading)),
    ...Object.fromEntries(WRITES.map(writing)),
    within: () => mortal,
  } as ClusterClient;
  return { client: mortal, life };
}

type Method = (...args: readonly unknown[]) => unknown;

function mortalRead(method: Method, count: () => void): Method {
  return (...args) => {
    count();
    return method(...args);
  };
}

interface Writing {
  readonly name: string;
  readonly method: Method;
  readonly count: () => void;
  readonly life: Life;
  readonly death: Death | undefined;
}

function mortalWrite({ name, method, count, life, death }: Writing): Method {
  return async (...args) => {
    count();
    if (isTrial(args)) return await method(...args);
    life.writes += 1;
    life.last = `${name} ${nameOf(args[0])}`;
    if (death === undefined || life.writes < death.at) return await method(...args);
    life.isOver = true;
    if (death.isSent) await method(...args);
    throw new Killed('the process was killed');
  };
}

/** Dry runs and reviews are stored nowhere. */
function isTrial(args: readonly unknown[]): boolean {
  const isDry = args.some(
    argument => (argument as { readonly dryRun?: boolean } | undefined)?.dryRun === true,
  );
  return isDry || String((args[0] as { readonly kind?: string }).kind).endsWith('Review');
}

function nameOf(object: unknown): string {
  const { kind, name, metadata } = object as {
    readonly kind?: string;
    readonly name?: string;
    readonly metadata?: { readonly name?: string };
  };
  return `${kind} ${name ?? metadata?.name ?? ''}`;
}
