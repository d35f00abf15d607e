export { TESTED_KUBERNETES } from '../build/parts.ts';
export {
  START_LIMIT,
  TEST_LIMIT,
  type TestbedInUse,
  useCluster,
  useRegistry,
  useTestbed,
} from './use-testbed.ts';
