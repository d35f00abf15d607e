import {
  API_VERSION,
  type Finding,
  isJsonObject,
  type Position,
  type Problem,
  parseWaiver,
  quote,
  type Severity,
  SlipwayError,
  type SourceDocument,
  type Waiver,
} from '@slipway/core';
import { findingAt, findingOfProblem } from './findings.ts';

/** How many days before its end a waiver becomes a warning. */
const WARNING_DAYS = 14;
const DAY = 24 * 60 * 60 * 1000;

/** Rules about the rules, which cannot be waived. */
const UNWAIVABLE = /^(?:policy|waiver)\//;

export function isWaiver({ value }: SourceDocument): boolean {
  return isJsonObject(value) && value['apiVersion'] === API_VERSION && value['kind'] === 'Waiver';
}

export interface WaiverContext {
  readonly now: Date | undefined;
  readonly formation?: string;
  readonly destination?: string;
}

interface Entry {
  readonly waiver: Waiver;
  readonly document: SourceDocument;
}

/** The findings, with those that are waived as notices, and findings about the waivers themselves. */
export function applyWaivers(
  findings: readonly Finding[],
  documents: readonly SourceDocument[],
  context: WaiverContext,
): Finding[] {
  const { now } = context;
  const own: Finding[] = [];
  const entries = documents
    .flatMap(document => readWaiver(document, own))
    .filter(entry => concerns(entry, context));
  if (now === undefined) return [...findings, ...own, ...entries.map(unsupported)];
  const holding = entries.filter(({ waiver }) => daysLeft(waiver, now) > 0);
  const used = new Set<Entry>();
  const judged = findings.map(finding => {
    const entry = holding.find(candidate => covers(candidate.waiver, finding));
    if (entry === undefined) return finding;
    used.add(entry);
    return waived(finding, entry);
  });
  return [...judged, ...own, ...entries.flatMap(entry => remarkOn(entry, now, used.has(entry)))];
}

function readWaiver(document: SourceDocument, findings: Finding[]): Entry[] {
  try {
    return [{ waiver: parseWaiver(document), document }];
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    findings.push(
      ...error.problems.map((problem: Problem) => findingOfProblem(problem, 'waiver/invalid', 'error')),
    );
    return [];
  }
}

function concerns({ waiver: { spec } }: Entry, { formation, destination }: WaiverContext): boolean {
  return (
    (spec.formation === undefined || spec.formation === formation) &&
    (spec.destination === undefined || spec.destination === destination)
  );
}

/** Days until a waiver ends, which is at the end of its day in UTC. */
function daysLeft({ spec: { until } }: Waiver, now: Date): number {
  return (Date.parse(`${until}T00:00:00Z`) + DAY - now.getTime()) / DAY;
}

function covers({ spec }: Waiver, { rule, severity, object, pointer = '' }: Finding): boolean {
  return (
    spec.rule === rule &&
    severity !== 'sign-off' &&
    !UNWAIVABLE.test(rule) &&
    object?.kind === spec.object.kind &&
    object.name === spec.object.name &&
    (spec.pointer === undefined || pointer === spec.pointer || pointer.startsWith(`${spec.pointer}/`))
  );
}

function waived(finding: Finding, entry: Entry): Finding {
  const { spec, metadata } = entry.waiver;
  const message = `${finding.message} (waived until ${spec.until} by ${quote(spec.owner)}: ${quote(spec.reason)})`;
  const related = [
    ...(finding.related ?? []),
    { message: `waiver ${quote(metadata.name)}`, place: { ...nameOf(entry) } },
  ];
  return { ...finding, severity: 'notice', message, related };
}

function remarkOn(entry: Entry, now: Date, isUsed: boolean): Finding[] {
  const { spec } = entry.waiver;
  const left = daysLeft(entry.waiver, now);
  if (left <= 0)
    return [
      remark(
        entry,
        'expired',
        'error',
        `ended on ${spec.until}, and what it waived counts again`,
        'fix the problem and remove the waiver, or have its owner renew it',
      ),
    ];
  const ending =
    left <= WARNING_DAYS
      ? [
          remark(
            entry,
            'ends-soon',
            'warning',
            `ends on ${spec.until}`,
            'fix the problem before then, or have its owner renew the waiver',
          ),
        ]
      : [];
  if (isUsed) return ending;
  return [
    ...ending,
    remark(
      entry,
      'unused',
      'warning',
      'waives nothing',
      'remove it, or correct its rule and object; sign-off cannot be waived',
    ),
  ];
}

function unsupported(entry: Entry): Finding {
  return remark(
    entry,
    'ignored',
    'warning',
    'is ignored here, because the current day is not known',
    'fix the problem',
  );
}

function remark(entry: Entry, rule: string, severity: Severity, message: string, fix: string): Finding {
  const about = `waiver ${quote(entry.waiver.metadata.name)}`;
  const subject = [entry.waiver.metadata.name];
  const discovery = { rule: `waiver/${rule}`, severity, message: `${about} ${message}`, fix, subject };
  return findingAt(nameOf(entry), discovery, {});
}

function nameOf({ document }: Entry): Position {
  return document.positionOf(['metadata', 'name']);
}
