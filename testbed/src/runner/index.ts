export { type ActionFile, type ActionInput, readActionFile } from './action-file.ts';
export { copyActions, entryOf, loadedFiles, recordingLoads } from './bundle.ts';
export { createJob, type Job, type JobOptions } from './job.ts';
export { runStep, type StepOptions, type StepResult } from './step.ts';
export type { ShownAnnotation } from './workflow-commands.ts';
