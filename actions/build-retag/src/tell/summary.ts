import { count, formatDuration, type Part, type Snapshot, type SnapshotImage } from '@slipway/core';
import { code, details, escapeMarkdown, table } from '@slipway/report';
import type { Frozen } from '../build/freeze.ts';
import type { PreparedImage } from '../build/prepare-images.ts';
import type { Rehearsed } from '../build/rehearse.ts';
import type { Promotion } from '../snapshots/promotion.ts';
import type { ImageChange } from './changes.ts';

/** Digits of a digest that tell images apart for a person. */
const SHOWN_DIGITS = 12;

/** @param previous the deployment tag that the changes are counted from */
export function freezeSummary(
  { snapshot, images }: Frozen,
  changes: ReadonlyMap<string, ImageChange>,
  previous: string | undefined,
): string {
  const prepared = new Map(images.map(image => [image.service, image]));
  const rows = Object.entries(snapshot.images).map(([service, image]) => {
    const change = changes.get(service);
    return [
      ...originCells(service, image),
      sizeCell(change),
      ...(previous === undefined ? [] : [changeCell(change)]),
      tookCell(prepared.get(service), previous),
    ];
  });
  // A tag in the head of the table would make it wider than GitHub's column.
  const since = previous === undefined ? '' : `Changes since ${code(previous)}, which passed:\n\n`;
  const headers = ['Service', 'Origin', 'Size', ...(previous === undefined ? [] : ['Change']), 'Took'];
  return `${heading(snapshot)}${since}${table(headers, rows)}${imageList(snapshot)}`;
}

function tookCell(image: PreparedImage | undefined, previous: string | undefined): string {
  if (image === undefined || (image.from !== undefined && image.from === previous)) return 'kept';
  return image.from === undefined ? formatDuration(image.milliseconds) : `kept from ${code(image.from)}`;
}

function sizeCell(change: ImageChange | undefined): string {
  const sizes = [...(change?.bytes ?? [])].map(([platform, bytes]) =>
    platform === '' ? formatBytes(bytes) : `${escapeMarkdown(platform)}: ${formatBytes(bytes)}`,
  );
  return sizes.join(', ');
}

function changeCell(change: ImageChange | undefined): string {
  const since = change?.since;
  if (since === undefined) return change === undefined ? '' : 'new';
  if (since.kind === 'same') return 'the same';
  const { added, layers, bytes, base } = since;
  const what = added === 0 ? 'the same layers' : `${added} of ${layers} layers, ${formatBytes(bytes)}`;
  return base ? `${what}, another base` : what;
}

function formatBytes(bytes: number): string {
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return bytes < 1_000_000_000 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

export function promotionSummary(snapshot: Snapshot, promotion: Promotion): string {
  const rows = Object.entries(snapshot.images).map(([service, image]) => originCells(service, image));
  const { registry } = promotion.snapshot;
  const copied =
    registry === snapshot.registry ? '' : ` Images were copied from ${code(registry)} by digest.`;
  const passed = `Promoted: built ${escapeMarkdown(snapshot.created)}, succeeded in ${code(promotion.formation)}.`;
  return `${heading(snapshot)}${passed} Nothing was built.${copied}\n\n${table(['Service', 'Origin'], rows)}${imageList(snapshot)}`;
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

/** What a part has; the summary of the job that joins has the rest. */
export function partSummary({ application, part }: Part, images: readonly PreparedImage[]): string {
  const rows = images.map(({ service, image, from, milliseconds }) => [
    escapeMarkdown(service),
    code(image.digest),
    from === undefined ? formatDuration(milliseconds) : `kept from ${code(from)}`,
  ]);
  const note = 'Pushed by digest. There is no deployment tag before all parts are joined.\n\n';
  return `### ${escapeMarkdown(application)}: part ${code(part)}\n\n${note}${table(['Service', 'Digest', 'Took'], rows)}`;
}

/** @param exported what builds handed out, as `<service>/<name>` */
export function exportsSummary(exported: readonly string[]): string {
  if (exported.length === 0) return '';
  return `\nFiles in the folder of the output \`exports\`: ${exported.map(code).join(', ')}\n`;
}

function heading({ application, deploymentTag, gitRevision }: Snapshot): string {
  const revision = gitRevision === undefined ? '' : ` from ${code(gitRevision.slice(0, SHOWN_DIGITS))}`;
  return `### ${escapeMarkdown(application)}: ${code(deploymentTag)}${revision}\n\n`;
}

function originCells(service: string, { origin }: SnapshotImage): string[] {
  return [escapeMarkdown(service), origin];
}

/** Registries and digests are long: in the table they would push the columns that people read out of sight. */
function imageList({ images }: Snapshot): string {
  const lines = Object.values(images).map(({ name, digest, origin, source }) => {
    const from = source === undefined ? '' : `, ${origin} from ${code(source)}`;
    return `- ${code(`${name}@${digest}`)}${from}\n`;
  });
  return details(`${count(lines.length, 'image')} by digest`, lines.join(''));
}
