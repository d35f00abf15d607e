import { type Position, type Problem, quote, type SecretReference, SlipwayError } from '@slipway/core';
import { isAllowed, type SecretAllowance } from './allowance.ts';
import { encodeSecret } from './encode.ts';
import type { SecretsErrorCode } from './error-codes.ts';
import type { SecretStore } from './store.ts';

/** A word of the stencils and where its value lives. */
export interface SecretRequest {
  /** Without the `secret.` in front. */
  readonly word: string;
  readonly reference: SecretReference;
  /** The entry of the config. */
  readonly at?: Position;
}

export interface OpenSecretsOptions {
  readonly requests: readonly SecretRequest[];
  readonly stores: readonly SecretStore[];
  readonly allowances: readonly SecretAllowance[];
  /** Called with every value, plain and encoded, before it goes anywhere else. */
  readonly mask: (value: string) => void;
}

/**
 * Reads secrets, each word once, all together.
 * @returns the values by word, encoded for the place where they land
 * @throws SlipwayError `secret-not-allowed` (before anything is read), `secret-missing`; all of a run's, never with a value
 */
export async function openSecrets(options: OpenSecretsOptions): Promise<ReadonlyMap<string, string>> {
  const requests = [...new Map(options.requests.map(request => [request.word, request])).values()];
  throwAll(requests.filter(request => !isAllowed(request.reference, options.allowances)).map(notAllowed));
  const values = new Map<string, string>();
  const problems: Problem<SecretsErrorCode>[] = [];
  for (const request of requests) {
    const store = options.stores.find(({ from }) => from === request.reference.from);
    const value = await store?.read(request.reference);
    if (value === undefined) {
      problems.push(missing(request, store));
      continue;
    }
    const encoded = encodeSecret(value, request.reference.as);
    options.mask(value);
    options.mask(encoded);
    values.set(request.word, encoded);
  }
  throwAll(problems);
  return values;
}

function notAllowed({ word, reference, at }: SecretRequest): Problem<SecretsErrorCode> {
  return {
    code: 'secret-not-allowed',
    message: `deploy may not read ${quote(`${reference.from}=${reference.name}`)}, which secret.${word} refers to`,
    remedy: 'add it to the input "secrets" of the step if it may',
    ...(at === undefined ? {} : { at }),
  };
}

function missing(
  { word, reference, at }: SecretRequest,
  store: SecretStore | undefined,
): Problem<SecretsErrorCode> {
  return {
    code: 'secret-missing',
    message: `secret.${word} has no value: ${store?.title ?? 'no store'} has no ${quote(reference.name)}`,
    remedy: 'set it under "env:" of the step',
    ...(at === undefined ? {} : { at }),
  };
}

function throwAll(problems: readonly Problem<SecretsErrorCode>[]): void {
  const [first, ...others] = problems;
  if (first !== undefined) throw new SlipwayError<SecretsErrorCode>([first, ...others]);
}
