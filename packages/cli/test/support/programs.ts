import type { Exec } from '@slipway/core';

/** A call of a program. */
export interface Call {
  readonly command: string;
  readonly args: readonly string[];
  readonly input: string | undefined;
}

type Reply = string | { readonly exitCode: number; readonly stdout?: string; readonly stderr: string };

/** Programs that answer from a list; the first reply whose pattern is in the command line counts. */
export function programs(replies: readonly (readonly [RegExp, Reply])[], calls: Call[] = []): Exec {
  return (command, args, { input, onOutput } = {}) => {
    calls.push({ command, args, input });
    const line = [command, ...args].join(' ');
    const reply = replies.find(([pattern]) => pattern.test(line))?.[1];
    if (reply === undefined) return Promise.reject(new Error(`no reply to ${line}`));
    const answer = typeof reply === 'string' ? { exitCode: 0, stdout: reply, stderr: '' } : reply;
    onOutput?.(Buffer.from(answer.stdout ?? ''));
    return Promise.resolve({ stdout: '', ...answer });
  };
}

/** What `kubectl config view -o json` shows. */
export function kubeconfigView(
  contexts: Readonly<Record<string, string | { readonly server: string; readonly insecure: true }>>,
  current = Object.keys(contexts)[0],
): string {
  return JSON.stringify({
    'current-context': current,
    clusters: Object.entries(contexts).map(([name, cluster]) => ({
      name: `${name}-cluster`,
      cluster:
        typeof cluster === 'string'
          ? { server: cluster }
          : { server: cluster.server, 'insecure-skip-tls-verify': true },
    })),
    contexts: Object.keys(contexts).map(name => ({
      name,
      context: { cluster: `${name}-cluster`, user: 'me' },
    })),
  });
}
