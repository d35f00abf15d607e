import {
  defined,
  type Position,
  type Problem,
  quote,
  type SecretReference,
  SlipwayError,
  throwIfAny,
} from '@slipway/core';
import type { SecretsErrorCode } from './error-codes.ts';
import { isAllowed } from './lines/allowance.ts';
import type { SecretAllowance, SecretStore, SecretVersion } from './store.ts';
import { addressOf, type SecretStores, storeKind } from './stores.ts';
import { convertSecret } from './values/encode.ts';
import { maskSecret } from './values/mask.ts';

/** A word of the stencils, and the reference to its value. */
export interface SecretRequest {
  /** Without the `secret.` in front. */
  readonly word: string;
  readonly reference: SecretReference;
  /** The entry of the config. */
  readonly at?: Position;
}

export interface OpenSecretsOptions {
  readonly requests: readonly SecretRequest[];
  readonly stores: SecretStores;
  readonly allowances: readonly SecretAllowance[];
  /** Called with every form of a value, line by line, before the value is used. */
  readonly mask: (value: string) => void;
}

/** What stores have, by word. */
export interface OpenedSecrets {
  /** The bytes, encoded as the reference's `as` says. */
  readonly values: ReadonlyMap<string, Uint8Array>;
  /** The version of each, where its store tells one. */
  readonly versions: ReadonlyMap<string, SecretVersion>;
}

/**
 * Reads each word's secret once, all at the same time, and closes the stores.
 * @throws SlipwayError `secret-not-allowed` (before anything is read), and what the stores throw: all problems, never with a value
 */
export async function openSecrets(options: OpenSecretsOptions): Promise<OpenedSecrets> {
  const requests = eachOnce(options.requests);
  throwAll(requests.filter(request => !isAllowed(request.reference, options.allowances)).map(notAllowed));
  const { failures, ...opened } = await openAll({ ...options, requests }, []);
  throwAll(problemsOf(failures));
  return opened;
}

/**
 * As `openSecrets`, for a run that goes on without what cannot be read: nothing is thrown for it.
 * @param compared of these only the version is looked up, and no value is returned; what fails is left out
 * @returns also why a word could not be opened
 */
export async function openWhatAnswers(
  options: OpenSecretsOptions,
  compared: readonly SecretRequest[],
): Promise<OpenedSecrets & { readonly failed: ReadonlyMap<string, Problem<SecretsErrorCode>> }> {
  const mayBeRead = ({ reference }: SecretRequest): boolean => isAllowed(reference, options.allowances);
  const asked = eachOnce(options.requests);
  const { failures, ...opened } = await openAll(
    { ...options, requests: asked.filter(mayBeRead) },
    eachOnce(compared).filter(mayBeRead),
  );
  const refused = asked
    .filter(request => !mayBeRead(request))
    .map(request => [request.word, notAllowed(request)]);
  const failed = failures.map(({ request, problem }) => [request.word, problem]);
  return { ...opened, failed: new Map([...refused, ...failed] as [string, Problem<SecretsErrorCode>][]) };
}

function eachOnce(requests: readonly SecretRequest[]): SecretRequest[] {
  return [...new Map(requests.map(request => [request.word, request])).values()].sort(byPosition);
}

async function openAll(
  options: OpenSecretsOptions,
  compared: readonly SecretRequest[],
): Promise<OpenedSecrets & { readonly failures: readonly Failure[] }> {
  const { requests, stores } = options;
  const values = new Map<string, Uint8Array>();
  const versions = new Map<string, SecretVersion>();
  // A version that cannot be told is unknown, and no reason to fail.
  const lookUp = async (request: SecretRequest): Promise<void> => {
    const version = await versionOf(request, stores).catch(error => void failuresOf(request, error));
    if (version !== undefined) versions.set(request.word, version);
  };
  try {
    const tried = requests.map(async request => {
      try {
        values.set(request.word, await open(request, options));
        await lookUp(request);
        return [];
      } catch (error) {
        return failuresOf(request, error);
      }
    });
    const looked = compared.map(lookUp);
    const [failures] = await Promise.all([Promise.all(tried), Promise.all(looked)]);
    return { values, versions, failures: failures.flat() };
  } finally {
    await Promise.all(Object.values(stores).map(store => store?.close?.()));
  }
}

async function versionOf(
  { reference }: SecretRequest,
  stores: SecretStores,
): Promise<SecretVersion | undefined> {
  const store = stores[reference.from] as SecretStore<SecretReference> | undefined;
  return await store?.versionOf?.(reference);
}

/** In the order of the files, whichever store answers first. */
function byPosition({ at: one }: SecretRequest, { at: other }: SecretRequest): number {
  if (one === undefined || other === undefined) return 0;
  if (one.path !== other.path) return one.path < other.path ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}

async function open({ reference }: SecretRequest, { stores, mask }: OpenSecretsOptions): Promise<Uint8Array> {
  const store = stores[reference.from] as SecretStore<SecretReference> | undefined;
  if (store === undefined) throw storeClosed(reference);
  const value = await store.read(reference);
  if (value.length === 0) throw emptyValue(reference);
  maskSecret(value, mask);
  const landing = convertSecret(value, reference);
  maskSecret(landing, mask);
  return landing;
}

interface Failure {
  readonly request: SecretRequest;
  readonly problem: Problem<SecretsErrorCode>;
}

function failuresOf(request: SecretRequest, error: unknown): Failure[] {
  if (!(error instanceof SlipwayError)) throw error;
  return error.problems.map(problem => ({ request, problem: problem as Problem<SecretsErrorCode> }));
}

/** One problem for each entry; a failure that several entries share is reported once, at the first. */
function problemsOf(failures: readonly Failure[]): Problem<SecretsErrorCode>[] {
  const alike = Map.groupBy(failures, ({ problem }) => `${problem.code} ${problem.message}`);
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const { request, problem } = first;
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    const at = problem.at ?? request.at;
    return [
      {
        ...problem,
        message: `secret.${request.word}${more} cannot be opened: ${problem.message}`,
        ...defined({ at }),
      },
    ];
  });
}

function notAllowed({ word, reference, at }: SecretRequest): Problem<SecretsErrorCode> {
  const line = quote(`${reference.from}=${addressOf(reference)}`);
  return {
    code: 'secret-not-allowed',
    message: `deploy may not read ${line}, which secret.${word} refers to`,
    remedy: 'add it to the input "secrets" of the step if it may',
    ...defined({ at }),
  };
}

/** Half an answer, or a secret that was made and never filled: no program expects either. */
function emptyValue(reference: SecretReference): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>({
    code: 'secret-missing',
    message: `${quote(`${reference.from}=${addressOf(reference)}`)} is empty`,
    remedy: `give it a value in ${storeKind(reference.from).title}`,
  });
}

function storeClosed({ from }: SecretReference): SlipwayError<SecretsErrorCode> {
  const { title, credentialsRemedy } = storeKind(from);
  return new SlipwayError<SecretsErrorCode>({
    code: 'secret-store-closed',
    message: `the step has no credentials for ${title}`,
    remedy: credentialsRemedy,
  });
}

function throwAll(problems: readonly Problem<SecretsErrorCode>[]): void {
  throwIfAny(problems);
}
