import { textMap } from '@slipway/core';
import { GIVEN_NAME } from './labels.ts';
import { type KubernetesObject, MAX_NAME } from './object.ts';

/** Pods carry the name of their Job as a label, which has at most 63 characters. */
export const MAX_JOB_NAME = 63;

/** A name by content ends in a dash and the first digits of the content's SHA-256. */
const SUFFIX_LENGTH = 10;
const WITH_SUFFIX = /^(.+)-[0-9a-f]{10}$/;

/** `settings-1f2e3d4c5b`, with as much of the name as fits. */
export function contentName(name: string, hash: string, longest = MAX_NAME): string {
  return `${startOfName(name, longest - SUFFIX_LENGTH - 1)}-${hash.slice(0, SUFFIX_LENGTH)}`;
}

/** The first characters of a name, of which a suffix makes another one. */
export function startOfName(name: string, length: number): string {
  return name.slice(0, length).replace(/[-.]+$/, '');
}

/** What is before the digits of a content, which is the given name or the start of it; undefined for other names. */
export function nameBeforeContent(name: string): string | undefined {
  return WITH_SUFFIX.exec(name)?.[1];
}

/** Whether a name may be that of a content whose manifest has this one. */
export function mayBeContent(name: string, given: string, longest = MAX_NAME): boolean {
  return nameBeforeContent(name) === startOfName(given, longest - SUFFIX_LENGTH - 1);
}

/** Whether a Job of a release may be the one that its manifest calls by this name. */
export function mayBeJob(name: string, given: string): boolean {
  return mayBeContent(name, given, MAX_JOB_NAME);
}

/** The name that an object has in its manifest. */
export function givenNameOf(object: KubernetesObject): string {
  return givenName(object) ?? object.metadata.name;
}

/** Whether an object has the name of its content. */
export function isNamedByContent(object: KubernetesObject): boolean {
  return givenName(object) !== undefined;
}

function givenName({ metadata }: KubernetesObject): string | undefined {
  return textMap(metadata['annotations'] ?? null)[GIVEN_NAME];
}
