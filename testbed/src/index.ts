export { DEFAULT_KUBERNETES, KUBERNETES_VERSIONS, type ToolName } from './build/parts.ts';
export { type TestbedErrorCode, testbedErrors } from './error-codes.ts';
export { type BaseImages, type PushedImage, pushBaseImages } from './images/base-image.ts';
export type { RegistryAuth, RunningRegistry } from './run/registry.ts';
export {
  findTestbed,
  type Surroundings,
  startTestbed,
  type Testbed,
  type TestbedBuildkit,
  type TestbedCluster,
  type TestbedOptions,
  type TestbedPart,
} from './run/testbed.ts';
export { toolPath } from './tools.ts';
