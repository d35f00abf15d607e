import { type PlannedChange, type Problem, quote, stringifyJson } from '@slipway/core';
import { describeObject } from '@slipway/kubernetes';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { Beyond } from '../live/approved-plan.ts';

/** Fields of one object that a message names. */
const MAX_FIELDS = 12;

/** The refusals of what was not in the plan that was approved; what is not known was not approved either. */
export function strictPlanProblems({ unknown, changes }: Beyond): readonly Problem<DeliveryErrorCode>[] {
  if (unknown !== undefined)
    return [
      {
        code: 'plan-unknown',
        message: `what this does beyond the plan that was approved is not known, and "strict-plan" is "true": ${unknown}`,
        remedy: 'fix that and plan again, or deploy without "strict-plan"',
      },
    ];
  return changes.map(change => ({
    code: 'plan-exceeded',
    message: `${describeObject(change.object)} ${whatHappens(change)}, which the plan that was approved does not have`,
    remedy: 'undo in the cluster what was changed there, or deploy without "strict-plan"',
  }));
}

function whatHappens({ action, fields = [], note }: PlannedChange): string {
  const why = note === undefined ? '' : ` (${note})`;
  if (action !== 'change') return `${HAPPENS[action]}${why}`;
  const named = fields.slice(0, MAX_FIELDS).map(described).join(', ');
  const more = fields.length > MAX_FIELDS ? ` and ${fields.length - MAX_FIELDS} more fields` : '';
  return `would change${named === '' ? why : ` in ${named}${more}`}`;
}

const HAPPENS: Readonly<Record<PlannedChange['action'], string>> = {
  create: 'would be created',
  replace: 'would be deleted and created again',
  prune: 'would be removed',
  change: 'would change',
  unchanged: 'would stay',
  skip: 'would stay',
};

/** A Secret's field has no values. */
function described({ pointer, before, after }: NonNullable<PlannedChange['fields']>[number]): string {
  if (before === undefined && after === undefined) return pointer;
  return `${pointer} (${shown(before)} -> ${shown(after)})`;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? quote(value) : quote(stringifyJson(value)).slice(1, -1);
}
