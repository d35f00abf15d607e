import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { type JsonObject, parseJson } from '@slipway/core';
import { toolPath } from '@slipway/testbed';

/** A kubeconfig with one context, and what its plugin prints. */
export interface Login {
  readonly kubeconfig: object;
  readonly answer: string;
  readonly exit: number;
  /** Variables that name proxies, in capitals; none by default. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A kubeconfig with one context, of a cluster and a user. */
export function kubeconfigOf(cluster: object, user: object): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'a', cluster }],
    users: [{ name: 'a', user }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    'current-context': 'a',
  };
}

/** What comes of a login: what the plugin was given, and what a request is sent with. */
export interface Outcome {
  readonly refused?: string;
  readonly info?: JsonObject;
  readonly environment?: object;
  readonly arguments?: readonly string[];
  readonly authorization?: string;
  /** Headers by their names in lower case. */
  readonly impersonation?: Readonly<Record<string, readonly string[]>>;
  /** DER in base64. */
  readonly certificate?: string;
  /** PEM in base64. */
  readonly authority?: string;
  readonly serverName?: string;
  readonly insecure?: boolean;
  readonly proxy?: string;
  /** Whether the second of two requests asked the plugin again. */
  readonly asksAgain: boolean;
}

/** What client-go makes of logins. */
export async function byClientGo(logins: readonly Login[]): Promise<Outcome[]> {
  const program = spawn(await toolPath('kubeconfig'), [], { stdio: ['pipe', 'pipe', 'ignore'] });
  program.stdin.end(logins.map(login => `${JSON.stringify(login)}\n`).join(''));
  const lines = (await text(program.stdout)).trimEnd().split('\n');
  return lines.map(line => {
    const { runs, ...others } = parseJson(line) as unknown as Outcome & { readonly runs: number };
    return others.refused === undefined
      ? { ...others, asksAgain: runs > 1 }
      : { refused: others.refused, asksAgain: false };
  });
}

/** A text that is equal for equal outcomes: sorted, without what is empty or absent, which Go writes the same way. */
export function comparable({ refused, ...outcome }: Outcome): string {
  if (refused !== undefined) return 'refused';
  const { proxy } = outcome;
  const whole = { ...outcome, ...(proxy && { proxy: new URL(proxy).href }) };
  return JSON.stringify(
    sorted(Object.fromEntries(Object.entries(whole).filter(([, value]) => !isEmpty(value)))),
  );
}

function isEmpty(value: unknown): boolean {
  return [undefined, 'null', 'false', '{}', '[]', '""'].includes(JSON.stringify(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [two]) => (one < two ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}
