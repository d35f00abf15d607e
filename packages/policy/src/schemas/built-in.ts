import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { quote, SlipwayError } from '@slipway/core';
import type { PolicyErrorCode } from '../error-codes.ts';
import type { CatalogFile } from './catalog-file.ts';

// Each is written out, because the bundler copies only files that it sees named.
const files: Readonly<Record<string, URL>> = {
  '1.33': new URL('../../schemas/kubernetes-1.33.json.br', import.meta.url),
  '1.34': new URL('../../schemas/kubernetes-1.34.json.br', import.meta.url),
  '1.35': new URL('../../schemas/kubernetes-1.35.json.br', import.meta.url),
  '1.36': new URL('../../schemas/kubernetes-1.36.json.br', import.meta.url),
  '1.37': new URL('../../schemas/kubernetes-1.37.json.br', import.meta.url),
};

export const KUBERNETES_VERSIONS: readonly string[] = Object.keys(files);
export const NEWEST_KUBERNETES_VERSION = '1.37';
/** The range of versions, for messages. */
export const VERSION_RANGE = `${KUBERNETES_VERSIONS[0]} to ${NEWEST_KUBERNETES_VERSION}`;

const OPENED = new Map<string, CatalogFile>();

/** `1.34` of `v1.34.2`, `1.34+` and `1.34`; undefined for what is not a version of Kubernetes. */
export function minorVersionOf(version: string): string | undefined {
  return /^v?(1\.\d{1,3})(?:\.\d+)?(?:[-+].*)?$/.exec(version)?.[1];
}

/**
 * The minor version (`1.34`) that is used for a version (`v1.34.2`): its own, or the nearest that there are schemas for.
 * @throws SlipwayError `unknown-kubernetes-version` for what is not a version of Kubernetes
 */
export function nearestVersion(version: string): { readonly minor: string; readonly isExact: boolean } {
  const wanted = minorVersionOf(version);
  if (wanted === undefined)
    throw new SlipwayError<PolicyErrorCode>({
      code: 'unknown-kubernetes-version',
      message: `${quote(version)} is not a version of Kubernetes`,
      remedy: `write it as 1.34; there are schemas for ${KUBERNETES_VERSIONS.join(', ')}`,
    });
  if (files[wanted] !== undefined) return { minor: wanted, isExact: true };
  const isOlder = minorOf(wanted) < minorOf(KUBERNETES_VERSIONS[0] ?? NEWEST_KUBERNETES_VERSION);
  const minor = (isOlder ? KUBERNETES_VERSIONS[0] : undefined) ?? NEWEST_KUBERNETES_VERSION;
  return { minor, isExact: false };
}

/**
 * The schemas of a version, or the nearest, from the files beside the code; read once in a process.
 * @throws SlipwayError `unknown-kubernetes-version`
 */
export function readBuiltInSchemas(version: string): CatalogFile {
  const { minor } = nearestVersion(version);
  const known = OPENED.get(minor);
  if (known !== undefined) return known;
  const url = files[minor] as URL;
  const file = JSON.parse(brotliDecompressSync(readFileSync(url)).toString()) as CatalogFile;
  OPENED.set(minor, file);
  return file;
}

/** Whether a version of Kubernetes, or the nearest that there are schemas for, has a kind without custom resources. */
export function isBuiltInKind(version: string, apiVersion: string, kind: string): boolean {
  return readBuiltInSchemas(version).kinds[apiVersion]?.[kind] !== undefined;
}

/** 34 of `1.34`. */
export function minorOf(version: string): number {
  return Number(version.slice(version.indexOf('.') + 1));
}
