export { check } from './check.ts';
export { type PolicyErrorCode, policyErrors } from './error-codes.ts';
export type { CheckedObject, CheckRequest, CheckResult } from './request.ts';
