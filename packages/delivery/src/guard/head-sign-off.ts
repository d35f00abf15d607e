import {
  canonicalJson,
  excerpt,
  type Finding,
  type JsonValue,
  quote,
  SlipwayError,
  sha256,
} from '@slipway/core';
import { parseApprovers } from '@slipway/policy';
import { filesBelow, inWorkspace, passedConfig, type SharedChange, sharedChanges } from '@slipway/render';
import type { DesiredState } from '../desired/desired-state.ts';
import type { Checkout } from '../formation/checkout.ts';
import { DEFAULT_APPLICATION } from '../formation/find-formation.ts';
import type { ManifestsChoice } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import type { PromotedQuery } from './promoted-config.ts';

/** Changes and characters of each that the message names; the fingerprint is over all. */
const MAX_NAMED = 8;
const MAX_NAME = 80;

type Query = Pick<PromotedQuery, 'snapshot' | 'formation' | 'verdicts' | 'desired' | 'history'> & {
  readonly request: Pick<ManifestsChoice, 'application'>;
};
type HeadSurroundings = Pick<DeliverySurroundings, 'earlier' | 'workspace' | 'logger'>;

/** What is other than what passed, or why that is not known. */
type Changes = { readonly changes: readonly SharedChange[] } | { readonly why: string };

/**
 * What `config: head` changes of stencils and values that other formations share: what passes that way in one of them has passed in
 * none. Someone whom the formation of the checkout names in `head-sign-off` has to know of it. What is not known needs that as well.
 * @returns one change to sign off, if there is any and someone is named
 */
export async function headFindings(
  query: Query,
  surroundings: HeadSurroundings,
): Promise<readonly Finding[]> {
  const { identity, checkout, digest } = query.desired;
  if (checkout === undefined) return [];
  const found = await changesOf(query, checkout, surroundings);
  if ('changes' in found && found.changes.length === 0) return [];
  const message = messageOf(found, query.formation);
  const approvers = parseApprovers(checkout.formation.spec['head-sign-off'] ?? '');
  if (approvers === undefined) {
    surroundings.logger.warning(
      `${message}; no one has to sign that off, as the formation ${quote(identity.formation)} does not say who may in "head-sign-off"`,
    );
    return [];
  }
  const content = 'why' in found ? [digest ?? null] : found.changes.map(contentOf);
  const { application, formation } = identity;
  return [
    {
      ...{ rule: 'config-head', severity: 'sign-off', approvers: [...approvers] },
      message: `${message}; ${approvers.map(name => `@${name}`).join(' or ')} may approve that`,
      fingerprint: sha256(canonicalJson(['config-head', application, formation, ...content] as JsonValue)),
    },
  ];
}

function contentOf({ what, before, after }: SharedChange): JsonValue {
  return [what, before ?? null, after ?? null];
}

async function changesOf(
  { snapshot, formation: from, verdicts, desired, history, request }: Query,
  { repository }: Checkout,
  { earlier, workspace }: HeadSurroundings,
): Promise<Changes> {
  const { identity, sharedRevisions = {} } = desired;
  try {
    const passed = passedConfig({ snapshot, formation: from, verdicts, choice: 'passed' });
    if (passed === undefined) return { why: 'it has not passed there' };
    const changes = await sharedChanges(
      {
        ...{ passed, sharedRevisions, formation: identity.formation, checkout: repository },
        application: inWorkspace(request.application || DEFAULT_APPLICATION, workspace),
        files: filesBelow(workspace),
        head: await history.head(),
      },
      { ...earlier, isContained: commit => history.isContained(commit) },
    );
    return { changes: [...changes, ...inTreeOnly(desired)] };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { why: error.problems.map(({ message }) => message).join('; ') };
  }
}

/** What a step changed and what the run set is in the tree, and in no commit that could be compared. */
function inTreeOnly({ configRevision, set = [], digest }: DesiredState): readonly SharedChange[] {
  const files = configRevision === undefined ? ['files that no commit has'] : [];
  const words = set.map(word => `${word} (input "set")`);
  return [...files, ...words].map(what => ({ what, before: undefined, after: digest }));
}

function messageOf(found: Changes, from: string): string {
  if ('why' in found)
    return `what config: head changes of stencils and values that other formations share is not known: ${found.why}`;
  const { changes } = found;
  const named = changes.slice(0, MAX_NAMED).map(({ what }) => excerpt(what, MAX_NAME));
  const more = changes.length > MAX_NAMED ? ` and ${changes.length - MAX_NAMED} more` : '';
  return `config: head has stencils or values that other formations share and that did not pass in ${quote(from)}: ${named.join(', ')}${more}`;
}
