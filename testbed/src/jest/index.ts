export { START_LIMIT, type TestbedInUse, useCluster, useRegistry, useTestbed } from './use-testbed.ts';
