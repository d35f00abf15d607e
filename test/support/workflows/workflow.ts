import { load } from 'js-yaml';

/** A workflow file as text and as what it says. */
export interface ReadWorkflow {
  readonly path: string;
  readonly text: string;
  readonly on: Readonly<Record<string, Trigger | null>>;
  readonly permissions: Permissions | undefined;
  readonly concurrency: unknown;
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface Trigger {
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly paths?: unknown;
  readonly 'paths-ignore'?: unknown;
}

export type Permissions = Readonly<Record<string, string>> | string;

export interface Job {
  readonly permissions?: Permissions;
  readonly environment?: unknown;
  readonly concurrency?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix?: Readonly<Record<string, unknown>> };
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly secrets?: 'inherit' | Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

export interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

type Written = Partial<Omit<ReadWorkflow, 'path' | 'text'>> & { readonly on?: unknown };

export function parseWorkflow(path: string, text: string): ReadWorkflow {
  const { on, permissions, concurrency, env = {}, jobs = {} } = (load(text) ?? {}) as Written;
  return { path, text, on: triggersOf(on), permissions, concurrency, env, jobs };
}

/** `on: push` and `on: [push]` mean the same as a map. */
function triggersOf(on: unknown): Readonly<Record<string, Trigger | null>> {
  if (typeof on === 'string') return { [on]: null };
  if (Array.isArray(on)) return Object.fromEntries((on as string[]).map(name => [name, null]));
  return (on ?? {}) as Readonly<Record<string, Trigger | null>>;
}

export function jobsOf({ jobs }: ReadWorkflow): [id: string, job: Job][] {
  return Object.entries(jobs);
}

export function stepsOf(workflow: ReadWorkflow): Step[] {
  return jobsOf(workflow).flatMap(([, { steps = [] }]) => steps);
}
