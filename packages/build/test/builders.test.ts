import { describe, expect, it } from '@jest/globals';
import { type BuilderChoice, findBuilder } from '@slipway/build';
import { type Exec, silentLogger } from '@slipway/core';

type Answers = Readonly<Record<string, { exitCode?: number; stdout?: string; stderr?: string }>>;

/** A machine on which only the given commands exist; the longest match of a command line answers. */
function machine(answers: Answers): { exec: Exec; started: string[] } {
  const started: string[] = [];
  const exec: Exec = async (command, args) => {
    const line = [command, ...args].join(' ');
    started.push(line);
    const found = Object.keys(answers).find(key => line.startsWith(key));
    if (found === undefined) throw new Error(`${command} cannot be run`);
    return { exitCode: 0, stdout: '', stderr: '', ...answers[found] };
  };
  return { exec, started };
}

const find = (choice: BuilderChoice, answers: Answers, environment = {}) =>
  findBuilder(choice, { exec: machine(answers).exec, environment, logger: silentLogger });

const remote = { stdout: 'Name:   ci\nDriver: remote\n\nNodes:\n' };
const address = 'tcp://buildkit:1234';

describe('the builder', () => {
  it('is the BuildKit that BUILDKIT_HOST names', async () => {
    const answers = { buildctl: {}, docker: remote };
    expect(await find('auto', answers, { BUILDKIT_HOST: address })).toEqual({ kind: 'buildctl', address });
  });

  it("is docker's current one otherwise", async () => {
    expect(await find('auto', { docker: remote })).toEqual({
      kind: 'buildx',
      command: 'docker',
      prefix: ['buildx'],
    });
  });

  it('is docker when asked for, whatever BUILDKIT_HOST says', async () => {
    const builder = await find('docker', { docker: remote, buildctl: {} }, { BUILDKIT_HOST: address });
    expect(builder.kind).toBe('buildx');
  });

  it('is buildx alone if docker is missing', async () => {
    expect(await find('auto', { buildx: remote })).toEqual({ kind: 'buildx', command: 'buildx', prefix: [] });
  });

  const buildah = { stdout: 'buildah version 1.28.2 (image-spec 1.1.0-rc2)\n' };
  const broken = { stdout: 'Name:   default\nDriver: \nError:  failed to connect to the docker API\n' };

  it.each<[string, Answers]>([
    ['docker is not', { buildah }],
    ['docker does not run', { docker: broken, buildah }],
  ])('is buildah where %s', async (_case, answers) => {
    expect(await find('auto', answers)).toEqual({ kind: 'buildah', version: '1.28.2' });
  });

  it('is docker if both exist', async () => {
    expect((await find('auto', { docker: remote, buildah })).kind).toBe('buildx');
    expect((await find('buildah', { docker: remote, buildah })).kind).toBe('buildah');
  });

  it('is created if docker has only its default one, which cannot push by digest', async () => {
    const { exec, started } = machine({
      'docker buildx inspect slipway': { exitCode: 1, stderr: 'ERROR: no builder "slipway" found' },
      'docker buildx inspect': { stdout: 'Name:   default\nDriver: docker\n' },
      docker: {},
    });
    const builder = await findBuilder('docker', { exec, environment: {}, logger: silentLogger });
    expect(builder).toEqual({ kind: 'buildx', command: 'docker', prefix: ['buildx'], name: 'slipway' });
    expect(started.at(-1)).toBe(
      'docker buildx create --name slipway --driver docker-container --driver-opt network=host',
    );
  });

  it('that was created before is used again', async () => {
    const { exec, started } = machine({
      'docker buildx inspect slipway': { stdout: 'Name: slipway\nDriver: docker-container\n' },
      'docker buildx inspect': { stdout: 'Name:   default\nDriver: docker\n' },
      docker: {},
    });
    await findBuilder('docker', { exec, environment: {}, logger: silentLogger });
    expect(started.filter(line => line.includes('create'))).toEqual([]);
  });

  it.each<[string, BuilderChoice, Answers, Record<string, string>, string]>([
    ['nothing is installed', 'auto', {}, {}, 'builder-missing'],
    ['buildah is not installed', 'buildah', { docker: remote }, {}, 'builder-missing'],
    ['docker is asked for and does not run', 'docker', { docker: broken, buildah }, {}, 'builder-unusable'],
    ['buildctl is not installed', 'auto', { docker: remote }, { BUILDKIT_HOST: address }, 'builder-missing'],
    ['BUILDKIT_HOST is not set', 'buildkit', { buildctl: {} }, {}, 'builder-unusable'],
    [
      'BuildKit does not answer',
      'auto',
      { 'buildctl --version': {}, buildctl: { exitCode: 1 } },
      { BUILDKIT_HOST: address },
      'builder-unusable',
    ],
    [
      'docker does not run',
      'auto',
      { docker: { stdout: 'Name:   default\nDriver: \nError:  failed to connect to the docker API\n' } },
      {},
      'builder-unusable',
    ],
  ])('is said to be missing or unusable when %s', async (_case, choice, answers, environment, code) => {
    await expect(find(choice, answers, environment)).rejects.toMatchObject({ code });
  });
});
