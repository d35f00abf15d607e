import {
  defined,
  type Finding,
  formatPointer,
  type PackLevel,
  type Path,
  type Position,
  type Problem,
  type Severity,
  sha256,
} from '@slipway/core';
import { type KubernetesObject, objectKey, referenceTo } from '@slipway/kubernetes';
import { namedSteps } from './named-steps.ts';
import type { CheckedObject } from './request.ts';

/** The most characters of a message that a finding keeps: policies and manifests can make them any length. */
const MAX_MESSAGE_LENGTH = 1000;

/** What a rule found, before the position of it is known. */
export interface Discovery {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly fix?: string;
  /** RFC 6901, in the object as admission sees it; its positions are those of the object as it was written. */
  readonly pointer: string;
  readonly related?: readonly { readonly message: string; readonly place: Position }[];
  /** For a sign-off: users and teams, one of whom must approve. */
  readonly approvers?: readonly string[];
  /** What distinguishes it from others of its rule at the same field, such as the binding or the expression; never Slipway's words. */
  readonly subject?: Subject;
  /** That of the pack whose rule it is; absent for other rules. */
  readonly level?: PackLevel;
}

/** The other of two values that cannot be together, with its position, where there is one. */
export function relatedAt(other: Path | undefined, checked: CheckedObject): Pick<Discovery, 'related'> {
  const place = other === undefined ? undefined : checked.positionAt?.(formatPointer(other));
  return place === undefined ? {} : { related: [{ message: 'the other one', place }] };
}

/** Names, steps of a pointer, an expression: what stays the same when messages are improved and lines move. */
export type Subject = readonly (string | number)[];

/** What a rule found about something that is not an object to check. */
export interface Remark extends Omit<Discovery, 'pointer' | 'related' | 'subject' | 'level'> {
  /** What it is about. Two remarks of one rule about one file with the same subject have the same fingerprint. */
  readonly subject: Subject;
}

export interface Setting {
  readonly formation?: string;
  readonly destination?: string;
}

/** A discovery with its position and a fingerprint that stays the same when lines around it move. */
export function findingAbout(checked: CheckedObject, discovery: Discovery, setting: Setting): Finding {
  const { object } = checked;
  const { rule, severity, fix, pointer, approvers } = discovery;
  const message = tidy(discovery.message);
  const place = checked.positionAt?.(pointer);
  const related = relatedTo(checked, discovery);
  return {
    rule,
    severity,
    message,
    object: referenceTo(object),
    pointer,
    ...(fix === undefined ? {} : { fix: tidy(fix) }),
    ...(place === undefined ? {} : { place: { ...place } }),
    ...(related.length === 0 ? {} : { related }),
    ...(approvers === undefined ? {} : { approvers: [...approvers] }),
    ...definedSetting(setting),
    fingerprint: fingerprint(
      setting,
      rule,
      objectKey(referenceTo(object)),
      namedPointer(object, pointer),
      discovery.subject,
    ),
  };
}

function relatedTo(
  checked: CheckedObject,
  { pointer, related = [] }: Discovery,
): NonNullable<Finding['related']> {
  const entries = checked.relatedTo?.(pointer) ?? [];
  return [
    ...related.map(({ message, place }) => ({ message: tidy(message), place: { ...place } })),
    ...entries.map(({ address, at }) => ({ message: tidy(`value of ${address}`), place: { ...at } })),
  ];
}

/** The message is not part of it: a better sentence would be another finding. */
function fingerprint(
  { formation = '', destination = '' }: Setting,
  rule: string,
  object: string,
  field: string,
  subject: Subject = [],
): string {
  return sha256([formation, destination, rule, object, field, JSON.stringify(subject)].join('\0'));
}

/**
 * What a reader of manifests warned of, such as a duplicate key, as a finding.
 * @param subject what it is about, if the problem itself does not say it
 */
export function findingOfProblem(
  { code, message, remedy, at, subject: field = '' }: Problem,
  rule: string,
  severity: Severity,
  subject: Subject = [],
): Finding {
  return {
    rule,
    severity,
    message: tidy(message),
    ...(remedy === undefined ? {} : { fix: tidy(remedy) }),
    ...(at === undefined ? {} : { place: { ...at } }),
    fingerprint: fingerprint({}, rule, at?.path ?? '', code, [field, ...subject]),
  };
}

/** A finding about a file that is not an object to check: a policy, a binding, a custom resource's definition. */
export function findingAt(place: Position, discovery: Remark, setting: Setting): Finding {
  const { rule, severity, fix } = discovery;
  const message = tidy(discovery.message);
  return {
    rule,
    severity,
    message,
    place: { ...place },
    ...(fix === undefined ? {} : { fix: tidy(fix) }),
    ...definedSetting(setting),
    fingerprint: fingerprint(setting, rule, place.path, '', discovery.subject),
  };
}

/** A finding about the check as a whole. */
export function findingWithoutPosition(
  { rule, severity, message, fix, subject }: Remark,
  setting: Setting,
): Finding {
  return {
    rule,
    severity,
    message: tidy(message),
    ...(fix === undefined ? {} : { fix: tidy(fix) }),
    ...definedSetting(setting),
    fingerprint: fingerprint(setting, rule, '', '', subject),
  };
}

function definedSetting({ formation, destination }: Setting): Setting {
  return {
    ...defined({ formation, destination }),
  };
}

/** Words of ASCII with a space between them. */
const TIDY = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/;

/** One line of limited length without control or direction characters, since messages repeat text of others. */
function tidy(message: string): string {
  // Many findings say the same: they share its text, as long as it is passed on as it is.
  if (message.length <= MAX_MESSAGE_LENGTH && TIDY.test(message)) return message;
  const line = message
    .toWellFormed()
    .replace(/\s+/g, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '\u{FFFD}')
    .trim();
  return line.length > MAX_MESSAGE_LENGTH ? `${line.slice(0, MAX_MESSAGE_LENGTH)}…` : line;
}

/** The pointer with the names of list items instead of their indices. */
function namedPointer(object: KubernetesObject, pointer: string): string {
  return namedSteps(object, pointer)
    .map(({ key, name }) => (name === undefined ? key : `[${name}]`))
    .join('/');
}
