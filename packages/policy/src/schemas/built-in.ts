import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { quote, SlipwayError } from '@slipway/core';
import type { PolicyErrorCode } from '../error-codes.ts';
import type { CatalogFile } from './catalog-file.ts';

// Each written out, as the bundler copies only files that it sees named.
const files: Readonly<Record<string, URL>> = {
  '1.32': new URL('../../schemas/kubernetes-1.32.json.br', import.meta.url),
  '1.33': new URL('../../schemas/kubernetes-1.33.json.br', import.meta.url),
  '1.34': new URL('../../schemas/kubernetes-1.34.json.br', import.meta.url),
  '1.35': new URL('../../schemas/kubernetes-1.35.json.br', import.meta.url),
  '1.36': new URL('../../schemas/kubernetes-1.36.json.br', import.meta.url),
};

export const KUBERNETES_VERSIONS: readonly string[] = Object.keys(files);
export const NEWEST_KUBERNETES_VERSION = '1.36';

const opened = new Map<string, CatalogFile>();

/**
 * The schemas of a minor version (`1.34`, `v1.34.2`), from the files beside the code; read once in a process.
 * @throws SlipwayError `unknown-kubernetes-version`
 */
export function readBuiltInSchemas(version: string): CatalogFile {
  const minor = /^v?(1\.\d+)(?:\.|$)/.exec(version)?.[1] ?? version;
  const url = files[minor];
  if (url === undefined)
    throw new SlipwayError<PolicyErrorCode>({
      code: 'unknown-kubernetes-version',
      message: `there are no schemas of Kubernetes ${quote(version)}`,
      remedy: `use one of ${KUBERNETES_VERSIONS.join(', ')}`,
    });
  const known = opened.get(minor);
  if (known !== undefined) return known;
  const file = JSON.parse(brotliDecompressSync(readFileSync(url)).toString()) as CatalogFile;
  opened.set(minor, file);
  return file;
}

/** 34 of `1.34`. */
export function minorOf(version: string): number {
  return Number(version.slice(version.indexOf('.') + 1));
}
