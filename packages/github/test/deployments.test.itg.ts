import { describe, expect, it } from '@jest/globals';
import { git, repository } from '@slipway/testkit/git';
import { type ExactDeployment, recordDeployment } from '../src/index.ts';
import { REPOSITORY, start, stopDoubles } from './support/github.ts';

stopDoubles();

const directory = repository({ 'a.txt': '0' });
git(directory, 'commit', '--allow-empty', '--quiet', '-m', 'later');
const [head = '', built = ''] = git(directory, 'rev-list', 'HEAD').trim().split('\n');

const RUN = `https://github.com/${REPOSITORY}/actions/runs/7/attempts/1`;
const deployment: ExactDeployment = {
  ...{ repository: REPOSITORY, commit: built, environment: 'production', key: 'production/eu 41' },
  ...{ state: 'success', description: 'v41', environmentUrl: 'https://shop.acme.io' },
  run: { sha: head, id: '7', url: RUN },
};

const startAs = (deployments: 'read' | 'write' | undefined) =>
  start({
    directory,
    tokens: new Map([['ghs_1', { login: 'github-actions[bot]', ...(deployments && { deployments }) }]]),
  });

/** What the environment of a job makes by itself. */
const ofJob = (runId: number) => ({
  ...{ id: 1, sha: head, environment: 'production', description: '', payload: '' },
  creator: 'github-actions[bot]',
  statuses: [
    {
      ...{ state: 'in_progress', description: '', environmentUrl: '' },
      logUrl: `https://github.com/${REPOSITORY}/actions/runs/${runId}/job/1`,
    },
  ],
});

describe('an exact deployment', () => {
  it('is recorded at the commit of the images, and once for several attempts', async () => {
    const { api, github } = await startAs('write');
    expect(await recordDeployment(api, { ...deployment, state: 'failure' })).toBe('recorded');
    expect(await recordDeployment(api, deployment)).toBe('recorded');
    expect(github.state.deployments).toMatchObject([
      {
        ...{ sha: built, environment: 'production', description: 'v41' },
        statuses: [
          { state: 'failure', logUrl: RUN },
          { state: 'success', logUrl: RUN, environmentUrl: 'https://shop.acme.io' },
        ],
      },
    ]);
    await recordDeployment(api, { ...deployment, key: 'production/us 41' });
    expect(github.state.deployments).toHaveLength(2);
  });

  it('is in progress for as long as it takes, and one record from its beginning to its end', async () => {
    const { api, github } = await startAs('write');
    await recordDeployment(api, { ...deployment, state: 'in_progress', description: 'at 20 %' });
    await recordDeployment(api, deployment);
    const states = github.state.deployments.map(({ statuses }) => statuses.map(({ state }) => state));
    expect(states).toEqual([['in_progress', 'success']]);
  });

  it('ends those that it replaces and that were left in progress, and no other', async () => {
    const { api, github } = await startAs('write');
    const begun = { ...deployment, state: 'in_progress' } as const;
    await recordDeployment(api, { ...begun, key: 'production/eu 39', state: 'failure' });
    await recordDeployment(api, { ...begun, key: 'production/us 12' });
    await recordDeployment(api, { ...begun, key: 'production/eu 40' });
    const replaces = (key: string): boolean => /^production\/eu (39|40)$/.test(key);
    await recordDeployment(api, { ...begun, replaces });
    expect(github.state.deployments.map(({ statuses }) => statuses.map(({ state }) => state))).toEqual([
      ['failure'],
      ['in_progress'],
      ['in_progress', 'inactive'],
      ['in_progress'],
    ]);
    expect(github.state.deployments[2]?.statuses[1]?.description).toBe('replaced by production/eu 41');
  });

  it('is not recorded beside the one that the environment of the job makes', async () => {
    const { api, github } = await startAs('write');
    github.state.deployments.push(ofJob(7));
    expect(await recordDeployment(api, deployment)).toBe('doubled');
    expect(github.state.deployments).toHaveLength(1);
  });

  it('is recorded beside that of another run of the same commit', async () => {
    const { api, github } = await startAs('write');
    github.state.deployments.push(ofJob(77));
    expect(await recordDeployment(api, deployment)).toBe('recorded');
    expect(github.state.deployments).toHaveLength(2);
  });

  it.each(['read', undefined] as const)('is not recorded with the permission %s', async permission => {
    const { api, github } = await startAs(permission);
    expect(await recordDeployment(api, deployment)).toBe('forbidden');
    expect(github.state.deployments).toEqual([]);
  });
});
