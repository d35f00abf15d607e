import { formatDuration, type Snapshot, type SnapshotImage } from '@slipway/core';
import { code, escapeMarkdown, table } from '@slipway/github';
import type { Frozen } from './freeze.ts';
import type { Promotion } from './promote.ts';
import type { Rehearsed } from './rehearse.ts';

/** Digits of a digest that tell images apart for a person. */
const SHOWN_DIGITS = 12;

export function freezeSummary({ snapshot, images }: Frozen): string {
  const took = new Map(
    images.map(({ service, milliseconds, from }) => [
      service,
      from === undefined ? formatDuration(milliseconds) : `kept from ${code(from)}`,
    ]),
  );
  const rows = Object.entries(snapshot.images).map(([service, image]) => [
    ...imageCells(service, image),
    took.get(service) ?? 'kept',
  ]);
  return `${heading(snapshot)}${table(['Service', 'Origin', 'Image', 'Took'], rows)}`;
}

export function promotionSummary(snapshot: Snapshot, promotion: Promotion): string {
  const rows = Object.entries(snapshot.images).map(([service, image]) => imageCells(service, image));
  const { registry } = promotion.snapshot;
  const copied =
    registry === snapshot.registry ? '' : ` Images were copied from ${code(registry)} by digest.`;
  const passed = `Promoted: built ${escapeMarkdown(snapshot.created)}, succeeded in ${code(promotion.formation)}.`;
  return `${heading(snapshot)}${passed} Nothing was built.${copied}\n\n${table(['Service', 'Origin', 'Image'], rows)}`;
}

export function rehearsalSummary(application: string, rehearsed: readonly Rehearsed[]): string {
  const rows = rehearsed.map(({ service, what, milliseconds }) => [
    escapeMarkdown(service),
    what,
    formatDuration(milliseconds),
  ]);
  const note = 'Nothing was pushed, so there is no deployment tag and no snapshot.\n';
  return `### ${escapeMarkdown(application)}\n\n${note}${table(['Service', 'Result', 'Took'], rows)}`;
}

function heading({ application, deploymentTag, gitRevision }: Snapshot): string {
  const revision = gitRevision === undefined ? '' : ` from ${code(gitRevision.slice(0, SHOWN_DIGITS))}`;
  return `### ${escapeMarkdown(application)}: ${code(deploymentTag)}${revision}\n\n`;
}

function imageCells(service: string, image: SnapshotImage): string[] {
  const origin = image.source === undefined ? image.origin : `${image.origin} from ${code(image.source)}`;
  const digest = image.digest.slice(0, 'sha256:'.length + SHOWN_DIGITS);
  return [escapeMarkdown(service), origin, code(`${image.name}@${digest}…`)];
}
