import { isJsonObject, type JsonObject, type JsonValue, SlipwayError } from '@slipway/core';
import { filesBelow } from '@slipway/render';
import { isScheduledLook, WORKFLOWS_FOLDER } from '@slipway/workflows';
import { parseDocument } from '@slipway/yaml';
import { type Check, unknown } from './check.ts';

/** A workflow of the repository. */
export interface WrittenWorkflow {
  readonly path: string;
  readonly text: string;
  /** What YAML reads from the text. */
  readonly value: JsonValue;
  readonly jobs: readonly WrittenJob[];
  /** Whether it looks at open releases by itself. */
  readonly isScheduledLook: boolean;
}

export interface WrittenJob {
  readonly id: string;
  /** The name of its environment; undefined without one; an expression as it is written. */
  readonly environment: string | undefined;
  /** Scopes with their access; undefined if neither the job nor the workflow says any. */
  readonly permissions: Readonly<Record<string, string>> | 'read-all' | 'write-all' | undefined;
  /** The workflow that it calls. */
  readonly calls: string | undefined;
  /** `inherit`, or the names that it passes on. */
  readonly passes: 'inherit' | readonly string[];
  /** Names of secrets that it uses itself. */
  readonly secrets: readonly string[];
  /** The actions of its steps, with their inputs. */
  readonly steps: readonly { readonly uses: string; readonly inputs: JsonObject }[];
}

/** The workflows of a repository, and a check for each that cannot be read. */
export async function readWorkflows(
  repository: string,
): Promise<{ readonly workflows: readonly WrittenWorkflow[]; readonly checks: readonly Check[] }> {
  const source = filesBelow(repository);
  const paths = (await source.list(WORKFLOWS_FOLDER)).filter(path => /\.ya?ml$/.test(path));
  const workflows: WrittenWorkflow[] = [];
  const checks: Check[] = [];
  for (const path of paths) {
    const text = Buffer.from((await source.read(path)) ?? []).toString('utf8');
    try {
      const value = parseDocument(text, path).value as JsonValue;
      workflows.push({ path, text, value, jobs: jobsOf(value), isScheduledLook: isScheduledLook(value) });
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      checks.push(unknown({ area: 'workflows', what: path }, error.message.split('\n')[0] ?? ''));
    }
  }
  return { workflows, checks };
}

function jobsOf(workflow: JsonValue): WrittenJob[] {
  if (!isJsonObject(workflow) || !isJsonObject(workflow['jobs'])) return [];
  return Object.entries(workflow['jobs']).flatMap(([id, job]) =>
    isJsonObject(job) ? [jobOf(id, job, workflow)] : [],
  );
}

function jobOf(id: string, job: JsonObject, workflow: JsonObject): WrittenJob {
  const { environment, uses, secrets } = job;
  const name = isJsonObject(environment) ? environment['name'] : environment;
  return {
    id,
    environment: typeof name === 'string' ? name : undefined,
    permissions: permissionsOf(job['permissions'] ?? workflow['permissions']),
    calls: typeof uses === 'string' ? uses : undefined,
    passes: secrets === 'inherit' ? 'inherit' : isJsonObject(secrets) ? namesIn(secrets) : [],
    secrets: namesIn({ env: workflow['env'] ?? null, job: { ...job, secrets: null } }),
    steps: stepsOf(job['steps']),
  };
}

function permissionsOf(value: JsonValue | undefined): WrittenJob['permissions'] {
  if (value === 'read-all' || value === 'write-all') return value;
  if (!isJsonObject(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([scope, access]) => [scope, String(access)]));
}

function stepsOf(steps: JsonValue | undefined): WrittenJob['steps'] {
  return (Array.isArray(steps) ? steps : []).filter(isJsonObject).flatMap(step => {
    const { uses, with: inputs } = step;
    return typeof uses === 'string' ? [{ uses, inputs: isJsonObject(inputs) ? inputs : {} }] : [];
  });
}

/** Names behind `secrets.` anywhere in a value; GitHub makes `GITHUB_TOKEN` itself. */
function namesIn(value: JsonValue): string[] {
  const text = JSON.stringify(value);
  const names = [...text.matchAll(/\bsecrets\.([A-Za-z_][A-Za-z0-9_]*)/g)].map(([, name = '']) =>
    name.toUpperCase(),
  );
  return [...new Set(names)].filter(name => name !== 'GITHUB_TOKEN');
}
