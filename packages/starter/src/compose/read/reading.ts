import { type Path, type Position, quote } from '@slipway/core';
import type { Remark, RemarkKind } from '../../proposal/contribution.ts';
import type { ComposeDocument } from './compose-document.ts';
import type { Field } from './fields.ts';
import { interpolate, type Part, type Settings } from './interpolate.ts';
import { hide, type Literals } from './literals.ts';

/** A compose file while it is read: what is said of it is collected, and nothing in it stops the rest from being read. */
export interface Reading {
  readonly document: ComposeDocument;
  /** What variables are, where the file names them. */
  readonly settings: Settings;
  /** Secrets that the file has as literals, and texts that may be repeated though they are equal to one. */
  readonly literals: Literals;
  readonly harmless: ReadonlySet<string>;
  readonly remarks: Remark[];
}

export function positionOf({ document }: Reading, path: Path): Position {
  return document.keyPositionOf(path);
}

export function remark(
  reading: Reading,
  path: Path,
  message: string,
  more: { readonly kind?: RemarkKind; readonly remedy?: string } = {},
): void {
  const { kind = 'unread', remedy } = more;
  const at = positionOf(reading, path);
  reading.remarks.push({ kind, at, message, ...(remedy === undefined ? {} : { remedy }) });
}

/** The text of a scalar with its variables; undefined for a list, a map and nothing. */
export function partsOf(
  { settings, literals, harmless }: Reading,
  { value }: Field,
): readonly Part[] | undefined {
  if (value === null || typeof value === 'object') return undefined;
  return hide(interpolate(String(value), settings), literals, harmless);
}

/** The text of a scalar whose variables are all known; otherwise a remark says that the field is left out. */
export function textOf(reading: Reading, field: Field | undefined): string | undefined {
  const parts = field === undefined ? undefined : partsOf(reading, field);
  if (parts === undefined || field === undefined) return undefined;
  const open = parts.find(part => 'variable' in part);
  if (open === undefined) return parts.map(part => ('text' in part ? part.text : '')).join('');
  const name = 'variable' in open ? open.variable : '';
  remark(
    reading,
    field.path,
    `${quote(lastOf(field.path))} needs the variable ${quote(name)}, which has no value here, so it is left out`,
  );
  return undefined;
}

function lastOf(path: Path): string {
  return String(path.findLast(step => typeof step === 'string') ?? '');
}

/** Whether a scalar says yes, in one of the words that Compose takes. */
export function saysYes(reading: Reading, field: Field | undefined): boolean {
  return /^(?:true|yes|y|on|1)$/i.test(textOf(reading, field) ?? '');
}
