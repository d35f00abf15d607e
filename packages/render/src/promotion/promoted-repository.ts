import { defined, type Formation, type Problem, Problems, quote, type SecretReference } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import type { FormationFile, Repository } from '../repository/repository.ts';
import { formatAddress } from '../values/address.ts';
import { usedWords } from '../words/used-words.ts';
import { shortId } from './passed-config.ts';

/** The files of the commit that passed, beside those of the checkout. */
export interface PromotedContent {
  readonly content: Repository;
  readonly head: Repository;
  /** The commit of the content, a full id. */
  readonly revision: string;
  /** How messages call that commit. */
  readonly name: string;
}

/** The fields of a formation that decide what its manifests are; all others say where they go and which rules apply. */
const CONTENT_FIELDS = ['extends', 'stencils', 'sources', 'patches', 'labels', 'name-prefix'] as const;

/**
 * The repository that a promotion is rendered from: stencils, values and what formations make of them are those of the commit that
 * passed; destinations, rules, the registry and the entries of secrets are those of the checkout.
 * @param formations the formations that are rendered from it
 * @throws SlipwayError `config-incomplete`, `secret-differs`
 */
export function promotedRepository(promoted: PromotedContent, formations: readonly string[]): Repository {
  const { content, head } = promoted;
  const problems = new Problems<RenderErrorCode>();
  if (content.application.metadata.name !== head.application.metadata.name)
    problems.add(lacking(promoted, `is of the application ${quote(content.application.metadata.name)}`));
  const files = new Map<string, FormationFile>();
  for (const [name, file] of head.formationFiles) {
    const passed = content.formationFiles.get(name);
    if (passed !== undefined) files.set(name, joinedFile(passed, file));
    else if (formations.includes(name)) problems.add(lacking(promoted, `has no formation ${quote(name)}`));
  }
  for (const problem of secretProblems(promoted, formations)) problems.add(problem);
  problems.throwIfAny();
  const { registry } = head.application.spec;
  return {
    directory: head.directory,
    sharedDirectories: content.sharedDirectories,
    application: { ...content.application, spec: { ...content.application.spec, registry } },
    formations: new Map([...files].map(([name, { formation }]) => [name, formation])),
    formationFiles: files,
    spawning: head.spawning,
    stencils: content.stencils,
    values: content.values,
    secrets: head.secrets,
    policies: head.policies,
    // They say how patches are merged and what has a namespace, which must be as it was when this passed.
    crds: content.crds,
  };
}

/** A formation with the content of one file, at the destinations and by the rules of another one. */
function joinedFile(content: FormationFile, head: FormationFile): FormationFile {
  const rest = Object.entries(head.formation.spec).filter(
    ([field]) => !(CONTENT_FIELDS as readonly string[]).includes(field),
  );
  const { spec } = content.formation;
  const own = Object.fromEntries(CONTENT_FIELDS.map(field => [field, spec[field]]));
  const joined = { ...Object.fromEntries(rest), ...defined(own) } as Formation['spec'];
  return {
    formation: { ...head.formation, spec: joined },
    document: content.document,
    bases: content.bases,
    destinationsDocument: head.document,
  };
}

/** The destinations of formations that the commit does not have, and which so get their patches from the checkout. */
export function newDestinations(
  { content, head }: PromotedContent,
  formations: readonly string[],
): readonly string[] {
  return formations.flatMap(name => {
    const passed = content.formations.get(name)?.spec.destinations ?? {};
    const now = Object.keys(head.formations.get(name)?.spec.destinations ?? {});
    return now.filter(destination => !Object.hasOwn(passed, destination)).map(found => `${name}/${found}`);
  });
}

/** Secrets of the formations that the commit and the checkout write into manifests in different ways. */
function secretProblems(
  { content, head, revision }: PromotedContent,
  formations: readonly string[],
): Problem<RenderErrorCode>[] {
  const targets = formations.flatMap(formation =>
    Object.keys(head.formations.get(formation)?.spec.destinations ?? {}).map(destination => ({
      formation,
      destination,
    })),
  );
  const used = usedWords(content).secret;
  const found = targets.flatMap(target => {
    const [passed, now] = [content.secrets.for(target), head.secrets.for(target)];
    return [...new Set([...used, ...passed.words()])].flatMap(word => {
      const [one, other] = [passed.lookup(word.split('.')), now.lookup(word.split('.'))];
      if (one.kind !== 'leaf' || other.kind !== 'leaf') return [];
      const [before, after] = [formOf(one.entry.content), formOf(other.entry.content)];
      if (before === after) return [];
      const problem: Problem<RenderErrorCode> = {
        code: 'secret-differs',
        at: other.entry.at,
        message: `the secret ${quote(word)} (${formatAddress(other.entry)}) has ${after} here, and ${before} at the commit ${shortId(revision)}`,
        remedy:
          'release the change to the formation that this one is promoted from and verify it there, or set "config: head" with a reason',
      };
      return [problem];
    });
  });
  // One entry may be that of several destinations.
  return [...new Map(found.map(problem => [problem.message, problem])).values()];
}

/** How the value is written into a manifest, which is part of what passed. */
function formOf({ as, decode }: SecretReference): string {
  const fields = [as && `as: ${as}`, decode && `decode: ${decode}`].filter(field => field !== undefined);
  return fields.length === 0 ? 'neither "as" nor "decode"' : quote(fields.join(', '));
}

function lacking({ name }: PromotedContent, what: string): Problem<RenderErrorCode> {
  return {
    code: 'config-incomplete',
    message: `${name} ${what}`,
    remedy:
      'release a commit that has it to the formation that this one is promoted from and verify it there, or set "config: head" with a reason',
  };
}
