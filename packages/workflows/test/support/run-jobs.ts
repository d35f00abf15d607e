import { load } from 'js-yaml';

/** How a job ended, and what it left. */
export interface Ended {
  readonly result: 'success' | 'failure' | 'cancelled';
  readonly outputs?: Readonly<Record<string, string>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: { readonly name: string };
  readonly steps?: readonly { readonly with?: Readonly<Record<string, string | boolean>> }[];
}

interface Needed {
  readonly result: Ended['result'] | 'skipped';
  readonly outputs: Readonly<Record<string, string>>;
}

/** A job that ran, with the inputs of its last step and its environment as GitHub would fill them. */
export interface Ran {
  readonly inputs: Readonly<Record<string, string>>;
  readonly environment?: string;
}

/**
 * Which jobs of a workflow run, as GitHub's pages say: one without a status function in its `if` needs all that it needs to have succeeded.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
 * @param endings how each job ends if it runs; it succeeds by default
 */
export function runJobs(
  text: string,
  endings: Readonly<Record<string, Ended>>,
  inputs: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, Ran> {
  const { jobs } = load(text) as { jobs: Readonly<Record<string, Job>> };
  const done = new Map<string, Needed>();
  const ran = new Map<string, Ran>();
  const isCancelled = Object.values(endings).some(({ result }) => result === 'cancelled');
  for (const [id, job] of Object.entries(jobs)) {
    const needs = [job.needs ?? []].flat();
    const known = Object.fromEntries(needs.map(name => [name, done.get(name)]));
    const context = { needs: known, inputs, cancelled: isCancelled };
    const condition = (job.if ?? '').replace(/^\$\{\{(.*)\}\}$/s, '$1').trim();
    const asks = /\b(?:always|cancelled|failure|success)\(\)/.test(condition);
    const isReady = needs.every(name => done.get(name)?.result === 'success');
    if ((!asks && !isReady) || (condition !== '' && !evaluate(condition, context))) {
      done.set(id, { result: 'skipped', outputs: {} });
      continue;
    }
    const { result, outputs = {} } = endings[id] ?? { result: 'success' };
    done.set(id, { result, outputs });
    const filled = (value: string | boolean): string =>
      String(value).replace(/\$\{\{(.*?)\}\}/gs, (_, one: string) => String(evaluate(one, context) ?? ''));
    ran.set(id, {
      inputs: Object.fromEntries(
        Object.entries(job.steps?.at(-1)?.with ?? {}).map(([name, value]) => [name, filled(value)]),
      ),
      ...(job.environment === undefined ? {} : { environment: filled(job.environment.name) }),
    });
  }
  return ran;
}

interface Context {
  readonly needs: Readonly<Record<string, Needed | undefined>>;
  readonly inputs: Readonly<Record<string, string>>;
  readonly cancelled: boolean;
}

const TOKEN = /'(?:[^']|'')*'|&&|\|\||[=!]=|!|[(),]|[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*|\s+/gy;

/** GitHub's expressions as far as these workflows use them: `&&` and `||` give an operand, as JavaScript's do. */
export function evaluate(expression: string, context: Context): unknown {
  const tokens = [...expression.matchAll(TOKEN)].map(([token]) => token);
  if (tokens.join('') !== expression) throw new Error(`not read: ${expression}`);
  const program = tokens.map(token => {
    if (token.startsWith("'")) return JSON.stringify(token.slice(1, -1).replaceAll("''", "'"));
    if (token === '==' || token === '!=') return `${token}=`;
    if (/^(?:contains|fromJSON|format|always|cancelled)$/.test(token)) return `f.${token}`;
    return /^[A-Za-z_]/.test(token) ? `get(${JSON.stringify(token)})` : token;
  });
  const functions = {
    contains: (list: readonly unknown[], item: unknown) => list.includes(item),
    fromJSON: JSON.parse,
    format: (text: string, ...values: unknown[]) =>
      text.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? '')),
    always: () => true,
    cancelled: () => context.cancelled,
  };
  // A secret is another text than every other one.
  const get = (path: string): unknown =>
    path.startsWith('secrets.') || path.startsWith('github.') || path.startsWith('steps.')
      ? `<${path}>`
      : (path
          .split('.')
          .reduce<unknown>(
            (value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key],
            context,
          ) ?? '');
  return new Function('f', 'get', `return (${program.join('')});`)(functions, get) as unknown;
}
