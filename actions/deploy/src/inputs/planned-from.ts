import { type PlannedRelease, parsePlannedRelease } from '@slipway/core';
import type { ApplyManifestsRequest } from '@slipway/delivery';
import type { InputReader } from '@slipway/github';

const REMEDY =
  'give the output "planned-from" of the job that planned, or of its deploy, or 0 if there was none';

type PlannedFrom = Pick<ApplyManifestsRequest, 'plannedFrom' | 'plannedTarget'>;

/** What was approved, and whether a release may do more than that. */
export function readPlanned(reader: InputReader): PlannedFrom & Pick<ApplyManifestsRequest, 'strictPlan'> {
  const strictPlan = reader.flag('strict-plan', false);
  const planned = readPlannedFrom(reader);
  if (strictPlan && reader.text('planned-from') === '')
    reader.problem(
      'strict-plan',
      'is "true", but "planned-from" is empty, so it is not known what was approved',
      'give "planned-from", which is 0 if there was no release',
    );
  return { ...planned, strictPlan };
}

/** The release that an approved plan was made from: `41@<when>` or `41`, or that of this target among those of all, `production/eu=41`. */
function readPlannedFrom(reader: InputReader): PlannedFrom {
  const name = 'planned-from';
  if (reader.text(name) === '') return {};
  const entries = reader.list(name);
  const isList = entries.some(entry => entry.includes('='));
  const planned = isList ? ofTarget(reader, entries) : onlyRelease(entries);
  if (planned !== undefined) return planned;
  // Without a number nothing would be compared, and the plan of another target would have been approved.
  const what = isList ? 'has no release of this formation and destination' : 'is not a release';
  reader.problem(name, what, REMEDY);
  return {};
}

/** A release without a target must be the only one. */
function onlyRelease([text = '', ...others]: readonly string[]): PlannedFrom | undefined {
  const plannedFrom = parsePlannedRelease(text);
  return others.length === 0 && plannedFrom !== undefined ? { plannedFrom } : undefined;
}

function ofTarget(reader: InputReader, entries: readonly string[]): PlannedFrom | undefined {
  const [formation, destination] = [reader.text('formation'), reader.text('destination')];
  const found = entries.flatMap(parseEntry);
  // What is not a release at all makes the rest doubtful.
  if (found.length < entries.length) return undefined;
  const own = found.filter(({ target }) => {
    const [of = '', at = ''] = target.split('/');
    return (formation === '' || formation === of) && (destination === '' || destination === at);
  });
  const [only, ...others] = own;
  if (only === undefined || others.length > 0) return undefined;
  return { plannedFrom: only.release, plannedTarget: only.target };
}

function parseEntry(entry: string): { readonly target: string; readonly release: PlannedRelease }[] {
  const [, target, text = ''] = /^([^=]+)=(.*)$/.exec(entry) ?? [];
  const release = parsePlannedRelease(text);
  return target === undefined || release === undefined ? [] : [{ target, release }];
}
