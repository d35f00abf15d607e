import { type CheckManifestsRequest, type CheckSurroundings, checkManifests } from '@slipway/check';
import { defined } from '@slipway/core';
import {
  prepareRendering,
  type RenderedApplication,
  type RenderingRequest,
  type RenderingSurroundings,
  renderApplication,
} from '@slipway/render';
import { withChanges } from './changes.ts';
import { withRefusals } from './refusals.ts';
import type { Review } from './reviewed.ts';

/** What to review. Paths are relative to the workspace unless they are absolute. */
export interface ReviewRequest {
  /** Plain files, folders and globs; none for what the application renders. */
  readonly manifests: readonly string[];
  readonly rendering: RenderingRequest;
  /** By which rules. What is checked, and whose it is, follows from the rest. */
  readonly rules: Omit<
    CheckManifestsRequest,
    'manifests' | 'application' | 'formations' | 'destinations' | 'baseline'
  >;
  /** Paths of fields whose changes are left out, such as `spec.template.metadata.annotations["checksum/config"]`. */
  readonly ignore: readonly string[];
}

const OFFLINE =
  'Compared with the base commit, without a cluster: what was changed there by hand, and what it would refuse, is not known.';
const UNRESOLVED = 'Images are resolved after the merge, so a new image is not shown.';

/** What a review runs with: what rendering and checking need. */
export type ReviewSurroundings = CheckSurroundings & RenderingSurroundings;

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
    },
    surroundings,
  );
  const application = rendered?.application ?? '';
  const removed = await outcome.removed();
  return {
    application,
    targets: outcome.targets
      .map(target => (rendered === undefined ? target : withRefusals(target, rules.failOn)))
      .map(target => withChanges(target, { application, ignore })),
    removed: removed.map(({ formation, destination }) => `${formation}/${destination}`),
    limits:
      rendered === undefined || request.rendering.snapshot !== undefined ? [OFFLINE] : [OFFLINE, UNRESOLVED],
    warnings: rendered?.all.warnings ?? [],
    changedFiles: () => outcome.changedFiles(),
    ...defined({ output: rendered?.output }),
  };
}

interface RenderedHead {
  readonly application: string;
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
  return { application: repository.application.metadata.name, output, all };
}
