import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isJsonObject, isName, type Position, SlipwayError, valueAt } from '@slipway/core';
import type { RolloutResult } from '@slipway/rollout';
import { decodeText, parseDocument } from '@slipway/yaml';
import type { Inputs } from '../inputs.ts';

const CHECKS = ['spec', 'verify', 'checks'];

/** The position in the formation that declares the failed check, if this job has the file. */
export async function findCheck(
  { verdict, checks }: Pick<RolloutResult, 'verdict' | 'checks'>,
  formation: string,
  inputs: Pick<Inputs, 'application'>,
  workspace: string,
): Promise<Position | undefined> {
  const failed = verdict === 'failed' ? checks.find(({ status }) => status === 'failed') : undefined;
  if (failed === undefined) return undefined;
  const folder = isName(inputs.application) ? '' : dirname(inputs.application);
  const path = join(folder, 'formations', `${formation}.yaml`);
  try {
    const document = parseDocument(decodeText(await readFile(resolve(workspace, path)), path), path);
    const declared = valueAt(document.value, CHECKS);
    const index = Array.isArray(declared)
      ? declared.findIndex(check => isJsonObject(check) && check['name'] === failed.name)
      : -1;
    return index < 0 ? undefined : document.positionOf([...CHECKS, index]);
  } catch (error) {
    // Without a checkout, or with a file that is not in order, the check is named all the same.
    if (error instanceof SlipwayError || isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
