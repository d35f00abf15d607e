import {
  FIXED_WORDS,
  formatPosition,
  imageReference,
  type JsonValue,
  nearest,
  quote,
  type Snapshot,
  WORD_ROOTS,
} from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import type { Repository } from '../repository/repository.ts';
import { type Addressed, formatAddress } from '../values/address.ts';
import type { Leaf, Lookup, Target, WordTable } from '../values/address-table.ts';
import type { ConfigValue, SecretEntry } from '../values/config-entries.ts';
import { type TargetProblem, unvaluedProblem } from './target-problem.ts';

/** What a word stands for; a problem has no position yet, since one word may be used at many. */
export type WordMeaning =
  | { readonly kind: 'value'; readonly value: JsonValue; readonly entry?: Addressed<ConfigValue> }
  | { readonly kind: 'map'; readonly leaves: readonly Leaf<ConfigValue>[] }
  | { readonly kind: 'secret'; readonly word: string; readonly entry: Addressed<SecretEntry> }
  | { readonly kind: 'problem'; readonly problem: Omit<TargetProblem, 'at'> };

/** Stands for the image tag, the tag and the revision before anything was built; policy-check accepts it, deploy refuses it. */
export const UNRESOLVED = 'unresolved';

export interface ResolverInput {
  readonly repository: Repository;
  readonly target: Target;
  readonly snapshot?: Snapshot;
  readonly values: WordTable<ConfigValue>;
  readonly secrets: WordTable<SecretEntry>;
}

/** Resolves the words of one target, each once. */
export class WordResolver {
  readonly #input: ResolverInput;
  readonly #meanings = new Map<string, WordMeaning>();

  constructor(input: ResolverInput) {
    this.#input = input;
  }

  resolve(word: string): WordMeaning {
    let meaning = this.#meanings.get(word);
    if (meaning === undefined) {
      meaning = this.#resolve(word);
      this.#meanings.set(word, meaning);
    }
    return meaning;
  }

  #resolve(word: string): WordMeaning {
    const [root = '', ...rest] = word.split('.');
    const fixed = this.#fixed(word);
    if (fixed !== undefined) return fixed;
    if (rest.length === 0) return this.#unknown(word);
    if (root === 'image' && rest.length === 1) return this.#image(rest[0] ?? '');
    if (root === 'config') return this.#config(rest);
    if (root === 'secret') return this.#secret(rest);
    return this.#unknown(word);
  }

  #fixed(word: string): WordMeaning | undefined {
    const { repository, target, snapshot } = this.#input;
    switch (word) {
      case 'application':
        return { kind: 'value', value: repository.application.metadata.name };
      case 'formation':
        return { kind: 'value', value: target.formation };
      case 'destination':
        return { kind: 'value', value: target.destination };
      case 'namespace':
        return { kind: 'value', value: namespaceOf(repository, target) };
      case 'tag':
        return { kind: 'value', value: snapshot?.deploymentTag ?? UNRESOLVED };
      case 'git.sha':
        return this.#revision();
      case 'spawn':
        return this.#key();
      default:
        return undefined;
    }
  }

  #key(): WordMeaning {
    const { repository, target } = this.#input;
    const spawned = repository.spawned?.get(target.formation);
    if (spawned !== undefined) return { kind: 'value', value: spawned.key };
    return problem(
      'spawn-word-unvalued',
      `"spawn" has no value in the formation ${quote(target.formation)}, which is not spawned`,
      'use it in a formation that has a spawn block, or in a patch of one',
    );
  }

  #revision(): WordMeaning {
    const { snapshot } = this.#input;
    if (snapshot === undefined) return { kind: 'value', value: UNRESOLVED };
    if (snapshot.gitRevision !== undefined) return { kind: 'value', value: snapshot.gitRevision };
    return problem(
      'snapshot-incomplete',
      `the snapshot ${quote(snapshot.deploymentTag)} has no Git revision`,
      'build the application from a Git checkout',
    );
  }

  #image(service: string): WordMeaning {
    const { repository, snapshot } = this.#input;
    const { registry, services } = repository.application.spec;
    if (!Object.hasOwn(services, service)) return this.#unknown(`image.${service}`);
    if (snapshot === undefined) return { kind: 'value', value: `${registry}/${service}:${UNRESOLVED}` };
    const image = Object.hasOwn(snapshot.images, service) ? snapshot.images[service] : undefined;
    if (image !== undefined) return { kind: 'value', value: imageReference(image) };
    return problem(
      'snapshot-incomplete',
      `the snapshot ${quote(snapshot.deploymentTag)} has no image of the service ${quote(service)}`,
      'build the application again',
    );
  }

  #config(rest: readonly string[]): WordMeaning {
    const found = this.#input.values.lookup(rest);
    if (found.kind === 'leaf') return { kind: 'value', value: found.entry.content, entry: found.entry };
    if (found.kind === 'map') return found;
    return this.#unvalued(`config.${rest.join('.')}`, found);
  }

  #secret(rest: readonly string[]): WordMeaning {
    const found = this.#input.secrets.lookup(rest);
    if (found.kind === 'leaf') return { kind: 'secret', word: rest.join('.'), entry: found.entry };
    return this.#unvalued(`secret.${rest.join('.')}`, found.kind === 'map' ? { kind: 'none' } : found);
  }

  #unvalued(word: string, found: Exclude<Lookup<unknown>, { kind: 'leaf' | 'map' }>): WordMeaning {
    if (found.kind === 'none') return this.#unknown(word);
    const [a, b] = found.entries.map(entry => `${quote(formatAddress(entry))} (${formatPosition(entry.at)})`);
    const { formation, destination } = this.#input.target;
    return found.kind === 'tie'
      ? problem(
          'address-tie',
          `${quote(word)} for ${destination}.${formation} is matched equally well by ${a} and ${b}`,
          'write * for a segment of one, or a name for a segment of the other',
        )
      : problem(
          'address-conflict',
          `${quote(word)} is a value at ${a} and a map of values at ${b}`,
          'rename one of them',
        );
  }

  #unknown(word: string): WordMeaning {
    const known = this.#knownWords();
    const candidate = nearest(word, known);
    const { formation, destination } = this.#input.target;
    const [root] = word.split('.');
    const canHaveValue = root === 'config' || root === 'secret';
    const rest = word.slice(word.indexOf('.') + 1);
    const formations = this.#formationsTried(root ?? '');
    const tried = [destination, '*'].flatMap(first => formations.map(name => `${first}.${name}.${rest}`));
    const suggestion = candidate === undefined ? '' : `did you mean ${quote(candidate)}?`;
    // A variable of a script has no dot in its name.
    const asText = word.includes('.') ? '' : `write $$\{${word}} for the text itself`;
    if (!canHaveValue || !word.includes('.'))
      return problem('word-unknown', `unknown word ${quote(word)}`, remedyOf(suggestion, asText));
    const targets = [`${destination}.${formation}`];
    const spawned = this.#input.repository.spawned?.get(formation);
    const remedy =
      root === 'secret' && spawned !== undefined
        ? `add *.${spawned.from}.${rest} to spec.secrets, since an instance of ${quote(spawned.from)} takes over no secret`
        : suggestion || 'add one of these addresses to the config';
    return { kind: 'problem', problem: unvaluedProblem({ word, targets, tried }, { remedy }) };
  }

  /** The names that the second segment of an address may have to give a word a value. */
  #formationsTried(root: string): string[] {
    const { repository, target } = this.#input;
    const { bases = [] } = repository.formationFiles.get(target.formation) ?? {};
    const from = repository.spawned?.get(target.formation)?.from;
    const own = [target.formation, ...(from === undefined ? [] : [from])];
    if (from !== undefined && root === 'secret') return own;
    return [...own, ...bases.map(base => base.formation.metadata.name), '*'];
  }

  #knownWords(): string[] {
    const { repository, values, secrets } = this.#input;
    return [
      ...FIXED_WORDS,
      ...Object.keys(repository.application.spec.services).map(service => `image.${service}`),
      ...values.words().map(word => `config.${word}`),
      ...secrets.words().map(word => `secret.${word}`),
    ];
  }
}

function remedyOf(suggestion: string, asText: string): string {
  if (asText === '') return suggestion || `known: ${ROOTS}`;
  return suggestion === '' ? `known: ${ROOTS}; ${asText}` : `${suggestion} Or ${asText}`;
}

const ROOTS = [...FIXED_WORDS, ...WORD_ROOTS.map(root => `${root}.…`)].join(', ');

function problem(code: RenderErrorCode, message: string, remedy: string): WordMeaning {
  return { kind: 'problem', problem: { code, message, remedy } };
}

export function namespaceOf(repository: Repository, { formation, destination }: Target): string {
  return repository.formations.get(formation)?.spec.destinations[destination]?.namespace ?? '';
}
