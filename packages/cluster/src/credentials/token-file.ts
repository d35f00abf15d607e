import { readFile } from 'node:fs/promises';
import { quote } from '@slipway/core';
import { kubeconfigError } from '../kubeconfig-error.ts';

/**
 * The token in a file, which is read whenever credentials are, since such tokens are rotated.
 * @param fallback what is used while the file cannot be read or is empty; empty if there is none
 * @throws SlipwayError `kubeconfig-invalid`
 */
export async function readTokenFile(path: string, fallback: string): Promise<string> {
  const read = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (fallback !== '') return fallback;
    throw unusable(path, 'cannot be read', cause);
  });
  const token = read.trim() || fallback;
  if (token === '') throw unusable(path, 'is empty', undefined);
  return token;
}

function unusable(path: string, what: string, cause: unknown) {
  const message = `the kubeconfig's token file ${quote(path)} ${what}`;
  return kubeconfigError('kubeconfig-invalid', message, 'check its path and the step that writes it', cause);
}
