import { describe, expect, it } from '@jest/globals';
import { toolEnvironment } from '../src/sources/tools.ts';

describe('the environment of helm and kubectl', () => {
  it('has only PATH of the step, and an empty home, no network and a Git that fetches nothing', () => {
    const environment = {
      PATH: '/usr/bin',
      HOME: '/home/runner',
      GITHUB_TOKEN: 'token',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'token',
      DATABASE_PASSWORD: 'secret',
      KUBECONFIG: '/home/runner/.kube/config',
      HELM_PLUGINS: '/home/runner/plugins',
      HELM_NAMESPACE: 'elsewhere',
      HELM_KUBETOKEN: 'token',
      KUSTOMIZE_PLUGIN_HOME: '/home/runner/plugins',
      XDG_CONFIG_HOME: '/home/runner/.config',
      HTTPS_PROXY: 'http://proxy.example',
      NO_PROXY: '*',
      no_proxy: '*',
    };
    const given = toolEnvironment({ environment }, '/scratch');
    const { PATH, ...others } = given;
    expect(PATH).toBe('/usr/bin');
    expect(Object.keys(given).filter(name => /token|secret|password|namespace|no_proxy/i.test(name))).toEqual(
      [],
    );
    const values = Object.values(others).filter(value => value?.startsWith('/'));
    expect(values.length).toBeGreaterThan(0);
    expect(values.filter(value => !value?.startsWith('/scratch/') && value !== '/scratch')).toEqual([]);
    expect(others).toMatchObject({
      HTTPS_PROXY: 'http://127.0.0.1:9',
      HTTP_PROXY: 'http://127.0.0.1:9',
      GIT_ALLOW_PROTOCOL: 'none',
      HELM_NO_PLUGINS: '1',
    });
  });
});
