import type { ApplyManifestsRequest } from '@slipway/delivery';
import type { InputReader } from '@slipway/github';

const NUMBER = /^\d{1,9}$/;
const REMEDY =
  'give the output "planned-from" of the job that planned, or "previous-release" of its deploy, or 0 if there was none';

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

/** The release that an approved plan was made from: a number, or that of this target among those of all, `production/eu=41`. */
function readPlannedFrom(reader: InputReader): PlannedFrom {
  const name = 'planned-from';
  const entries = reader.list(name);
  if (entries.length === 0) return {};
  const isList = entries.some(entry => entry.includes('='));
  const planned = isList ? ofTarget(reader, entries) : onlyNumber(entries);
  if (planned !== undefined) return planned;
  // Without a number nothing would be compared, and the plan of another target would have been approved.
  const what = isList ? 'has no release of this formation and destination' : 'is not the number of a release';
  reader.problem(name, what, REMEDY);
  return {};
}

/** A number without a target must be the only one. */
function onlyNumber([number = '', ...others]: readonly string[]): PlannedFrom | undefined {
  return others.length === 0 && NUMBER.test(number) ? { plannedFrom: Number(number) } : undefined;
}

function ofTarget(reader: InputReader, entries: readonly string[]): PlannedFrom | undefined {
  const [formation, destination] = [reader.text('formation'), reader.text('destination')];
  const found = entries.flatMap(entry => {
    const [, target, number] = /^([^=]+)=(\d{1,9})$/.exec(entry) ?? [];
    return target === undefined || number === undefined ? [] : [{ target, number }];
  });
  // What is not a release at all makes the rest doubtful.
  if (found.length < entries.length) return undefined;
  const own = found.filter(({ target }) => {
    const [of = '', at = ''] = target.split('/');
    return (formation === '' || formation === of) && (destination === '' || destination === at);
  });
  const [only, ...others] = own;
  if (only === undefined || others.length > 0) return undefined;
  return { plannedFrom: Number(only.number), plannedTarget: only.target };
}
