import { isJsonObject, type JsonObject, sha256 } from '@slipway/core';
import { TOKEN_NOTE } from '@slipway/kubernetes';
import { type GitHubRepository, nameOf } from '../outside/github-repository.ts';

/** Whose secret a token is in. */
export interface TokenHolder {
  readonly repository: GitHubRepository;
  readonly environment: string | undefined;
}

/** When a token was made, and when it expires. GitHub shows no one what a secret contains, so the account has a note of it. */
export interface TokenNote {
  readonly made: Date;
  readonly expires: Date;
}

/** The annotation of the account that has the note; each secret has its own. */
export function noteKey({ repository, environment }: TokenHolder): string {
  const holder = `${nameOf(repository)} ${environment ?? ''}`.toLowerCase();
  return `${TOKEN_NOTE}${sha256(holder).replace('sha256:', '').slice(0, 12)}`;
}

/** The value of that annotation: the two times, and for people what has the token. */
export function noteText(made: string, expires: string, { repository, environment }: TokenHolder): string {
  return `${made} ${expires} ${nameOf(repository)}${environment === undefined ? '' : ` ${environment}`}`;
}

/** The note of an account; undefined if it has none that can be read. */
export function noteIn(account: JsonObject, holder: TokenHolder): TokenNote | undefined {
  const { metadata } = account;
  const annotations = isJsonObject(metadata) ? metadata['annotations'] : undefined;
  const text = isJsonObject(annotations) ? annotations[noteKey(holder)] : undefined;
  const [made, expires] = String(text ?? '')
    .split(' ')
    .map(part => new Date(part));
  if (made === undefined || expires === undefined) return undefined;
  return Number.isNaN(made.getTime()) || Number.isNaN(expires.getTime()) ? undefined : { made, expires };
}

/** Whether less than a third of its time is left, as clusters grant hours or months. */
export function expiresSoon({ made, expires }: TokenNote, now: Date): boolean {
  return expires.getTime() - now.getTime() < (expires.getTime() - made.getTime()) / 3;
}

/** How far two clocks may be apart, in milliseconds, the time between a token and its secret included. */
const CLOCKS = 600_000;

/**
 * When a secret was changed after a token was made, so that it may have something else; undefined if it was not.
 * @param secret what GitHub says of it
 */
export function changedSince(secret: JsonObject, { made }: TokenNote): Date | undefined {
  const changed = new Date(String(secret['updated_at'] ?? ''));
  return changed.getTime() > made.getTime() + CLOCKS ? changed : undefined;
}
