import {
  type CheckManifestsRequest,
  type CheckOutcome,
  type CheckSurroundings,
  checkManifests,
} from '@slipway/check';
import { defined } from '@slipway/core';
import {
  leftOut,
  prepareRendering,
  type RenderedApplication,
  type RenderingRequest,
  type RenderingSurroundings,
  type Repository,
  renderApplication,
} from '@slipway/render';
import { type Comparison, withChanges } from './changes.ts';
import type { PassedQuery, ReadLastPassed } from './last-passed.ts';
import { withPassed } from './passed-states.ts';
import { promotedFrom } from './promotions.ts';
import { withRefusals } from './refusals.ts';
import type { Review } from './reviewed.ts';
import { changedSettings, movedDestinations, withSuccessor } from './settings.ts';
import { withUncommitted } from './uncommitted.ts';

/** What to review. Paths are relative to the workspace unless they are absolute. */
export interface ReviewRequest {
  /** Plain files, folders and globs; none for what the application renders. */
  readonly manifests: readonly string[];
  readonly rendering: RenderingRequest;
  /** By which rules. What is checked, and whose it is, follows from the rest. */
  readonly rules: Omit<
    CheckManifestsRequest,
    'manifests' | 'application' | 'formations' | 'destinations' | 'baseline' | 'spawn'
  >;
  /** Paths of fields whose changes are left out, such as `spec.template.metadata.annotations["checksum/config"]`. */
  readonly ignore: readonly string[];
}

const OFFLINE =
  'Compared with the base commit, without a cluster: what was changed there by hand, and what it would refuse, is not known.';
const UNRESOLVED = 'Images are resolved after the merge, so a new image is not shown.';

/** What a review runs with: what rendering and checking need. */
export type ReviewSurroundings = CheckSurroundings &
  RenderingSurroundings & {
    /** Absent where what last passed is not asked for. */
    readonly readLastPassed?: ReadLastPassed | undefined;
  };

/**
 * Renders the application at the checkout, checks it, and compares it with the base commit, without a cluster. Plain manifests are only
 * checked and compared.
 * @throws SlipwayError with what is wrong with the files, so that there is nothing to compare
 */
export async function review(request: ReviewRequest, surroundings: ReviewSurroundings): Promise<Review> {
  const { rules, manifests, rendering, ignore } = request;
  const rendered = manifests.length > 0 ? undefined : await renderHead(rendering, surroundings);
  const outcome = await checkManifests(
    {
      ...rules,
      manifests: rendered === undefined ? manifests : [rendered.output],
      application: rendering.application,
      formations: rendering.formations,
      destinations: rendering.destinations,
      baseline: { kind: 'base' },
      ...defined({ spawn: rendering.spawn }),
    },
    surroundings,
  );
  const application = rendered?.application ?? '';
  const removed = await outcome.removed();
  const [before, after] = [outcome.base?.repository, rendered?.repository];
  const moved = before && after ? movedDestinations(before, after) : [];
  const left = new Map(
    moved.flatMap(({ name, namespace, isNamespaceKept }) => (isNamespaceKept ? [] : [[name, namespace]])),
  );
  const targets = outcome.targets
    .map(target =>
      rendered === undefined ? withUncommitted(target, rules.failOn) : withRefusals(target, rules.failOn),
    )
    .map(target => withChanges(target, { application, ignore, left }));
  const query = passedQuery(rendered, outcome, { ignore, left }, surroundings);
  return {
    application,
    targets: query === undefined ? targets : await withPassed(targets, query),
    removed: after === undefined ? [] : removed.map(one => withSuccessor(one, before, after)),
    moved,
    settings: before && after ? changedSettings(before, after) : [],
    limits: limitsOf(request, rendered),
    warnings: rendered?.all.warnings ?? [],
    changedFiles: () => outcome.changedFiles(),
    ...defined({ output: rendered?.output, base: outcome.base?.commit }),
  };
}

/** What the comparison cannot show, a sentence each. */
function limitsOf({ rendering }: ReviewRequest, rendered: RenderedHead | undefined): string[] {
  if (rendered === undefined) return [OFFLINE];
  const spawned = leftOut(rendered, rendering).map(
    name => `The formation ${name} is spawned: what changes in its instances is not shown.`,
  );
  return [OFFLINE, ...(rendering.snapshot === undefined ? [UNRESOLVED] : []), ...spawned];
}

/** Undefined if it is not asked what last passed, or if nothing can say it. */
function passedQuery(
  rendered: RenderedHead | undefined,
  { base }: CheckOutcome,
  compared: Omit<Comparison, 'application'>,
  { readLastPassed }: ReviewSurroundings,
): PassedQuery | undefined {
  if (rendered === undefined || base === undefined || readLastPassed === undefined) return undefined;
  const { application, repository } = rendered;
  return {
    ...{ ...compared, application, base, readLastPassed },
    promotedFrom: promotedFrom(repository.formations),
    // Those of one rendering are the same in all of its destinations.
    sharedRevisions: rendered.all.destinations[0]?.rendered.sharedRevisions ?? {},
  };
}

interface RenderedHead {
  readonly application: string;
  readonly repository: Repository;
  /** Absolute. */
  readonly output: string;
  readonly all: RenderedApplication;
}

async function renderHead(
  request: RenderingRequest,
  surroundings: RenderingSurroundings,
): Promise<RenderedHead> {
  const prepared = await prepareRendering(request, surroundings);
  const all = await renderApplication(prepared, request, surroundings);
  const { repository, output } = prepared;
  return { application: repository.application.metadata.name, repository, output, all };
}
