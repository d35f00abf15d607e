export { isFieldPath } from './ignored.ts';
export type { LastPassed, PassedTarget, ReadLastPassed } from './last-passed.ts';
export { type ReviewRequest, type ReviewSurroundings, review } from './review.ts';
export type {
  Move,
  RemovedDestination,
  Review,
  ReviewedChange,
  ReviewedField,
  ReviewedTarget,
} from './reviewed.ts';
