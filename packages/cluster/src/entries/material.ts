import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { quote } from '@slipway/core';
import { kubeconfigError } from '../kubeconfig-error.ts';
import type { Fields } from './fields.ts';

/** A certificate or a key in PEM: in the kubeconfig itself, or in a file, which is read again whenever credentials are. */
export type Material =
  | { readonly data: Buffer; readonly file?: never }
  | { readonly file: string; readonly data?: never };

/** What a user shows to a server that asks for a certificate. */
export interface ClientCertificate {
  readonly chain: Material;
  readonly key: Material;
}

/**
 * A field that is a path, or whose name with `-data` has the content in base64.
 * @param folder where relative paths start
 * @throws SlipwayError `kubeconfig-invalid` for both, of which kubectl takes neither
 */
export function parseMaterial(fields: Fields, name: string, folder: string): Material | undefined {
  const [file, data] = [fields.text(name), fields.bytes(`${name}-data`)];
  if (file !== '' && data !== undefined)
    throw fields.wrong(`has both ${name} and ${name}-data`, 'keep one of them');
  if (data !== undefined) return { data };
  return file === '' ? undefined : { file: resolve(folder, file) };
}

/** @throws SlipwayError `kubeconfig-invalid` if the file cannot be read */
export async function readMaterial(material: Material | undefined): Promise<Buffer | undefined> {
  if (material?.file === undefined) return material?.data;
  return await readFile(material.file).catch((cause: NodeJS.ErrnoException) => {
    throw kubeconfigError(
      'kubeconfig-invalid',
      `the file ${quote(material.file)}, which the kubeconfig names, cannot be read (${cause.code})`,
      'check its path, and that the step that writes it is in this job',
      cause,
    );
  });
}
