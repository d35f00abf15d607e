export { check } from './check.ts';
export { asStored } from './defaults/as-stored.ts';
export type { PolicyErrorCode } from './error-codes.ts';
export { findingOfProblem } from './findings.ts';
export { PACK_FILES, PACKS, requirePacks } from './packs/pack-files.ts';
export type { CheckedObject, CheckRequest, CheckResult } from './request.ts';
export { type DescribedRule, describeRules } from './rules/describe.ts';
export { helpUri, pageName } from './rules/help.ts';
export { spawnedFindings } from './rules/spawned-objects.ts';
export {
  isBuiltInKind,
  KUBERNETES_VERSIONS,
  minorVersionOf,
  NEWEST_KUBERNETES_VERSION,
  nearestVersion,
} from './schemas/built-in.ts';
export { builtInKinds } from './schemas/catalog.ts';
export { definitionsOfOpenApi } from './schemas/open-api.ts';
export type { KindSchema, Schema } from './schemas/schema.ts';
export { parseApprovers } from './sign-off.ts';
