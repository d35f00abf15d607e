import { describe, expect, it } from '@jest/globals';
import { inContainer } from '../src/run/docker.ts';

describe('a process in a container', () => {
  const wanted = {
    name: 'registry',
    command: 'registry',
    args: ['serve', '/t/run-1/config.yml'],
    environment: { A: 'b' },
  };
  const container = {
    docker: '/bin/docker',
    image: 'registry:3',
    folder: '/t/run-1',
    options: ['--user=1:1'],
  };

  it('sees the same network, folder, variables and arguments as on the host', () => {
    const { command, args } = inContainer(wanted, container);
    expect([command, ...args]).toEqual([
      ...['/bin/docker', 'run', '--rm', '--name=slipway-testbed-run-1-registry', '--network=host'],
      ...['--volume=/t/run-1:/t/run-1', '--entrypoint=registry', '--user=1:1', '--env=A=b', 'registry:3'],
      ...['serve', '/t/run-1/config.yml'],
    ]);
  });

  it('is removed by name, for the docker command that is killed leaves it', () => {
    expect(inContainer(wanted, container)).toMatchObject({
      gentle: true,
      cleanup: ['/bin/docker', 'rm', '--force', 'slipway-testbed-run-1-registry'],
    });
  });
});
