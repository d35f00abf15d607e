export type {
  AllowedSecrets,
  Application,
  Destination,
  Formation,
  FormationSteps,
  SpawnedFormation,
} from './application/application.ts';
export { DEFAULT_SETTINGS, type WorkflowSettings } from './application/settings.ts';
export { roomEnvironment, spawnedEnvironment } from './application/spawned.ts';
export type { WorkflowErrorCode } from './error-codes.ts';
export { filePrefix, WORKFLOWS_FOLDER, type WorkflowFile, workflowFiles } from './files/workflow-files.ts';
export { type Comparison, compareFile, compareUnneeded, type ToCompare } from './written/compare.ts';
export { firstDifference } from './written/difference.ts';
export { writtenFor, writtenFrom } from './written/header.ts';
export { type LookedAt, type LooksAt, looksAt, type ReadWorkflow } from './written/looks-at.ts';
export { isNamedProgress, isScheduledLook } from './written/scheduled-look.ts';
