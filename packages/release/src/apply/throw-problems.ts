import { throwIfAny } from '@slipway/core';
import type { PreparedRelease } from '../plan/prepare.ts';

/** @throws SlipwayError with every reason to refuse the release */
export function throwProblems({ problems }: Pick<PreparedRelease, 'problems'>): void {
  throwIfAny(problems);
}
