import { SlipwayError } from '@slipway/core';
import type { RepositoryFiles } from '../../look/repository-files.ts';

/** The text of a file; empty for one that cannot be read, which has no lines to name. */
export async function textIfAny(files: RepositoryFiles, path: string): Promise<string> {
  try {
    return (await files.readText(path)) ?? '';
  } catch (error) {
    if (error instanceof SlipwayError) return '';
    throw error;
  }
}
