import { dirname } from 'node:path';
import { type Problem, quote } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { readApplicationName } from '@slipway/render';
import type { PullRequestErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';

/** An application before it is reviewed. */
export interface Named {
  readonly path: string;
  readonly name: string;
  /** Why it is not reviewed at all. */
  readonly problems: readonly Problem[];
}

/** The applications with the names of their statuses, which are compared as GitHub does: without their case. */
export async function namesOf(inputs: Inputs, runner: Runner): Promise<readonly Named[]> {
  const named = await Promise.all(
    inputs.applications.map(async path => ({ path, name: await nameOf(path, inputs, runner) })),
  );
  const alike = Map.groupBy(named, ({ name }) => name.toLowerCase());
  return named.map(one => {
    const paths = (alike.get(one.name.toLowerCase()) ?? []).map(({ path }) => path);
    return { ...one, problems: sameNames(paths, one.name) };
  });
}

/** The name under which an application is reported, whatever is wrong with it. */
async function nameOf(path: string, { manifests }: Inputs, { workspace }: Runner): Promise<string> {
  if (manifests.length > 0) return 'manifests';
  const folder = dirname(path).split('/').at(-1) ?? '';
  return (
    (await readApplicationName({ workspace, application: path })) ?? (folder === '.' ? 'application' : folder)
  );
}

/** The status of the last of several applications with one name would hide what is wrong with the others. */
function sameNames(paths: readonly string[], name: string): readonly Problem[] {
  if (paths.length < 2) return [];
  const status = `slipway/${name}`;
  const problem: Problem<PullRequestErrorCode> = {
    code: 'applications-alike',
    message: `the applications ${paths.join(', ')} have one status, ${quote(status)}, so that one result would hide the other`,
    remedy: 'give each application its own metadata.name',
  };
  return [problem];
}
