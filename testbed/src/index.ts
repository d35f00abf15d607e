export { type AwsKey, type RunningAws, startAws } from './aws/start-aws.ts';
export { type BaseImages, type PushedImage, pushBaseImages } from './base-images/base-image.ts';
export { pushBusybox } from './base-images/push-busybox.ts';
export { pushProgram } from './base-images/push-program.ts';
export { DEFAULT_KUBERNETES, KUBERNETES_VERSIONS, TESTED_KUBERNETES, type ToolName } from './build/parts.ts';
export { type TestbedErrorCode, testbedErrors } from './error-codes.ts';
export { type RunningPolicies, startPolicies } from './policies/start-policies.ts';
export { type RunningPrometheus, startPrometheus } from './prometheus/start-prometheus.ts';
export type {
  OwnParts,
  Surroundings,
  Testbed,
  TestbedBuildkit,
  TestbedCluster,
  TestbedNode,
  TestbedOptions,
  TestbedPart,
} from './run/options.ts';
export { type Authority, createAuthority, type KeyPair } from './run/pki.ts';
export type { RegistryAuth, RunningRegistry } from './run/registry.ts';
export { startTestbed } from './run/start.ts';
export { findTestbed } from './run/testbed.ts';
export { libraryPath, toolPath } from './tools.ts';
export { type IdentityProvider, startIdentityProvider } from './vault/identity-provider.ts';
export { type RunningVault, startVault } from './vault/start-vault.ts';
