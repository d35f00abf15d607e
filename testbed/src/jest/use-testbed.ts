import { afterAll, beforeAll } from '@jest/globals';
import type { Testbed, TestbedCluster, TestbedOptions } from '../run/options.ts';
import type { RunningRegistry } from '../run/registry.ts';
import { startTestbed } from '../run/start.ts';

/**
 * Milliseconds that a start may take. Parts that are not built yet are built first, which takes minutes on a busy machine; a start
 * that hangs ends by itself long before.
 */
export const START_LIMIT = 1_800_000;

/**
 * Milliseconds after which a test that runs other programs counts as hanging. It ends what would never end, and says nothing about
 * how fast a machine has to be: several builds in one test take seconds on an idle one, and minutes beside others.
 */
export const TEST_LIMIT = 600_000;

/** The parts of a testbed that a test asked for. Reading one before the tests run is a mistake of the test. */
export interface TestbedInUse {
  readonly directory: string;
  readonly cluster: TestbedCluster;
  readonly registry: RunningRegistry;
  readonly buildkit: NonNullable<Testbed['buildkit']>;
}

/** Starts a testbed before the tests of this file or block, and stops it after them. */
export function useTestbed(options: TestbedOptions): TestbedInUse {
  let testbed: Testbed | undefined;
  beforeAll(async () => {
    testbed = await startTestbed(options);
  }, START_LIMIT);
  afterAll(() => testbed?.stop(), START_LIMIT);
  const part = <Name extends keyof TestbedInUse>(name: Name): TestbedInUse[Name] => {
    const running = testbed?.[name];
    if (running === undefined)
      throw new Error(`the testbed's ${name} was not asked for, or is used before it is started`);
    return running as TestbedInUse[Name];
  };
  return {
    get directory() {
      return part('directory');
    },
    get cluster() {
      return part('cluster');
    },
    get registry() {
      return part('registry');
    },
    get buildkit() {
      return part('buildkit');
    },
  };
}

/** A cluster for the tests of this file or block. */
export function useCluster(options: Omit<TestbedOptions, 'parts'> = {}): TestbedCluster {
  const testbed = useTestbed({ parts: ['cluster'], ...options });
  return {
    get kubeconfig() {
      return testbed.cluster.kubeconfig;
    },
    get server() {
      return testbed.cluster.server;
    },
    get kubectl() {
      return testbed.cluster.kubectl;
    },
    userKubeconfig: (name, groups) => testbed.cluster.userKubeconfig(name, groups),
  };
}

/** A registry for the tests of this file or block; without a login where `auth` is `none`. */
export function useRegistry(auth: TestbedOptions['registryAuth'] = 'none'): RunningRegistry {
  const testbed = useTestbed({ parts: ['registry'], registryAuth: auth });
  return {
    get address() {
      return testbed.registry.address;
    },
    get username() {
      return testbed.registry.username;
    },
    get password() {
      return testbed.registry.password;
    },
    get dockerConfig() {
      return testbed.registry.dockerConfig;
    },
  };
}
