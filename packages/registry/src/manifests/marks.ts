import { quote, SlipwayError } from '@slipway/core';
import type { RegistryErrorCode } from '../error-codes.ts';
import type { Exchange, RegistryClient } from '../http/client.ts';
import { formatReference, type Reference, type Repository } from '../reference.ts';
import { listTags } from './list-tags.ts';
import { type Access, findDigest, isTaken, type Manifest, offerManifest } from './manifests.ts';
import { refusedManifest } from './refused-manifest.ts';

/**
 * A name in a repository that leads to what was written under it last. It is a tag, which is moved; where the registry does not let
 * tags move it goes on as `<tag>_2`, `<tag>_3` and so on, of which the highest counts. docs/decisions/0029-marks-where-tags-are-immutable.md
 */
export interface Mark {
  readonly repository: Repository;
  readonly tag: string;
  /**
   * `lasting` is written again and again, so that a registry that removes old tags may have removed the first ones; `of-snapshot`
   * is removed with its snapshot, or with the run that it is of, and another snapshot can have the tag of one of its numbers.
   */
  readonly kind: 'lasting' | 'of-snapshot';
}

/** The highest number: one that was pushed to block a mark is not counted beyond. */
const LAST = 999_999;
/** Writers that are at it at the same time; each time one of them succeeds. */
const ATTEMPTS = 10;
/** Answers that say nothing of the tag: another tag would get them too. */
const NOT_OF_THE_TAG = new Set([401, 404, 408, 413, 429]);

/** The tag of the number-th content of a mark; a name of a destination has no `_`, so that it is no other mark's. */
function numbered({ repository, tag }: Mark, number: number): Reference & { readonly tag: string } {
  return { ...repository, tag: number < 2 ? tag : `${tag}_${number}` };
}

/** 0 for a tag of something else. */
function numberOf(tag: string, mark: Mark): number {
  if (tag === mark.tag) return 1;
  const rest = tag.startsWith(`${mark.tag}_`) ? tag.slice(mark.tag.length + 1) : '';
  return /^[1-9]\d{0,5}$/.test(rest) && rest !== '1' ? Number(rest) : 0;
}

/** What a mark leads to; undefined if `read` finds nothing there, or nothing was written. What is not of the mark, `read` does not find. */
export async function readMark<Result>(
  client: RegistryClient,
  mark: Mark,
  read: (reference: Reference) => Promise<Result | undefined>,
): Promise<Result | undefined> {
  if ((await digestAt(client, mark, 2, 'pull')) !== undefined) return await readNumbered(client, mark, read);
  const first = await read(numbered(mark, 1));
  if (first !== undefined || mark.kind === 'of-snapshot') return first;
  const newest = await newestListed(client, mark, 0, 'pull');
  if (newest === 0) return undefined;
  return (
    (newest > 1 ? await read(numbered(mark, newest)) : undefined) ?? (await nothingAt(client, mark, newest))
  );
}

/**
 * What a mark leads to if nothing was found at its highest number: nothing, if something else has that tag. One that is only in the list
 * may have been written or removed a moment ago, and what is below it is not the newest.
 * @throws SlipwayError `mark-inconsistent`
 */
async function nothingAt(client: RegistryClient, mark: Mark, number: number): Promise<undefined> {
  if ((await digestAt(client, mark, number, 'pull')) !== undefined) return undefined;
  throw inconsistent(
    mark,
    `the list of tags has ${quote(numbered(mark, number).tag)}, and there is no such tag`,
  );
}

/** A snapshot whose deployment tag looks like a number of the mark is passed over. */
async function readNumbered<Result>(
  client: RegistryClient,
  mark: Mark,
  read: (reference: Reference) => Promise<Result | undefined>,
): Promise<Result | undefined> {
  const [newest = 2, ...older] = await numbersListed(client, mark, 2, 'pull');
  for (const number of mark.kind === 'of-snapshot' ? [newest, ...older] : [newest]) {
    const found = await read(numbered(mark, number));
    if (found !== undefined) return found;
    await nothingAt(client, mark, number);
  }
  return undefined;
}

/**
 * Lets a mark lead to a manifest, whose parts the repository has. Of two runs that write at the same time the registry lets one
 * create the next tag, and the other takes the one after it.
 * @throws SlipwayError `manifest-refused`, `registry-denied` …
 */
export async function writeMark(client: RegistryClient, mark: Mark, manifest: Manifest): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const newest = await newestOf(client, mark);
    if (newest.digest === manifest.digest) return;
    if ((await write({ client, mark, manifest }, newest.number)) === 'written') return;
  }
  throw unwritable(mark, 'other runs were first each time');
}

interface Write {
  readonly client: RegistryClient;
  readonly mark: Mark;
  readonly manifest: Manifest;
}

/** Another run may have written meanwhile: then it is to be tried again from the beginning. */
type Outcome = 'written' | 'overtaken';

async function write(work: Write, newest: number): Promise<Outcome> {
  const { client, mark } = work;
  if (newest > 1) return await append(work, newest + 1);
  const answer = await offer(work, 1);
  if (isTaken(answer)) return 'written';
  if (newest === 0 && (await digestAt(client, mark, 1, 'pull,push')) !== undefined) return 'overtaken';
  if (newest === 0 || answer.status >= 500 || NOT_OF_THE_TAG.has(answer.status))
    throw refusedManifest(answer, numbered(mark, 1));
  return await append(work, (await newestListed(client, mark, 1, 'pull,push')) + 1, answer);
}

/** @param moved why the tag was not moved, if that was tried: where a new tag is refused too, that is the reason to report */
async function append(work: Write, next: number, moved?: Exchange): Promise<Outcome> {
  const { client, mark } = work;
  if (next > LAST) throw unwritable(mark, 'there is no higher number');
  const answer = await offer(work, next);
  if (!isTaken(answer)) {
    if ((await digestAt(client, mark, next, 'pull,push')) !== undefined) return 'overtaken';
    throw refusedManifest(moved ?? answer, numbered(mark, moved === undefined ? next : 1));
  }
  await announce(work, next);
  const [from, to] = [numbered(mark, 1), numbered(mark, next)].map(formatReference);
  client.logger.info(`The registry does not let ${from} be moved, so it goes on as ${to}`);
  return 'written';
}

/** The second tag is how readers know that there are more; someone may have removed it. */
async function announce(work: Write, next: number): Promise<void> {
  if (next === 2 || (await digestAt(work.client, work.mark, 2, 'pull,push')) !== undefined) return;
  const answer = await offer(work, 2);
  if (!isTaken(answer)) throw refusedManifest(answer, numbered(work.mark, 2));
}

function offer({ client, mark, manifest }: Write, number: number): Promise<Exchange> {
  return offerManifest(client, mark.repository, manifest, numbered(mark, number).tag);
}

async function newestOf(client: RegistryClient, mark: Mark) {
  const [first, second] = await Promise.all([
    digestAt(client, mark, 1, 'pull,push'),
    digestAt(client, mark, 2, 'pull,push'),
  ]);
  const isComplete = second === undefined && (first !== undefined || mark.kind === 'of-snapshot');
  if (isComplete) return { number: first === undefined ? 0 : 1, digest: first };
  const number = await newestListed(client, mark, second === undefined ? 0 : 2, 'pull,push');
  return { number, digest: number === 0 ? undefined : await digestAt(client, mark, number, 'pull,push') };
}

/** The highest number that exists; 0 if none does. */
async function newestListed(
  client: RegistryClient,
  mark: Mark,
  known: number,
  access: Access,
): Promise<number> {
  const [newest = 0] = await numbersListed(client, mark, known, access);
  return newest;
}

/**
 * The numbers that exist, the highest first: by the list of tags, in which some may be missing, and beyond that one by one, as a list
 * may lag behind.
 */
async function numbersListed(
  client: RegistryClient,
  mark: Mark,
  known: number,
  access: Access,
): Promise<number[]> {
  const tags = await listTags(client, mark.repository, access);
  // A list without any tag is of a registry that does not list them, or has lost it: what is beyond a gap would not be found.
  if (known > 1 && tags.length === 0)
    throw inconsistent(mark, `the list of tags is empty, and there is ${quote(numbered(mark, known).tag)}`);
  const found = new Set([known, ...tags.map(tag => numberOf(tag, mark))].filter(number => number > 0));
  const numbers = [...found].sort((one, other) => other - one);
  for (let next = (numbers[0] ?? LAST) + 1; next <= LAST; next++) {
    if ((await digestAt(client, mark, next, access)) === undefined) break;
    numbers.unshift(next);
  }
  return numbers;
}

function digestAt(client: RegistryClient, mark: Mark, number: number, access: Access) {
  return findDigest(client, numbered(mark, number), access);
}

function inconsistent({ repository, tag }: Mark, reason: string): SlipwayError<RegistryErrorCode> {
  return new SlipwayError({
    code: 'mark-inconsistent',
    message: `it is not known what ${quote(formatReference({ ...repository, tag }))} leads to: ${reason}`,
    remedy: 'run the step again, since a list may lag behind; if it remains, find out who removes tags there',
  });
}

function unwritable({ repository, tag }: Mark, reason: string): SlipwayError<RegistryErrorCode> {
  return new SlipwayError({
    code: 'mark-unwritable',
    message: `${quote(formatReference({ ...repository, tag }))} was not written: ${reason}`,
    remedy: 'run the step again; if it remains, look at the tags of this name and at who pushes them',
  });
}
