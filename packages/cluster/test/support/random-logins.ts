import type { KeyPair } from '@slipway/testbed';
import fc from 'fast-check';
import { kubeconfigOf, type Login } from './client-go.ts';

const V1 = 'client.authentication.k8s.io/v1';
const V1BETA1 = 'client.authentication.k8s.io/v1beta1';

/** Mostly the first, so that most cases get far enough to differ. */
export function mostly<Value>(usual: Value, ...others: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    { arbitrary: fc.constant<unknown>(usual), weight: 16 },
    { arbitrary: fc.constantFrom(...others), weight: 1 },
  );
}

/** Fields that are absent half of the time. */
export function some(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> {
  return fc.record(fields, { requiredKeys: [] });
}

const cluster = (authority: string) =>
  fc
    .tuple(
      fc.record({
        server: fc.constantFrom(
          'https://a.example',
          'https://a.example:6443/',
          'https://a.example/clusters/one?x=1#y',
          'https://[::1]:6443',
        ),
      }),
      some({
        'certificate-authority-data': fc.constant(authority),
        'tls-server-name': fc.constantFrom('b.example', ''),
        'proxy-url': fc.constantFrom('http://proxy.example:3128', ''),
        'disable-compression': fc.boolean(),
        extensions: fc.constantFrom(
          [{ name: V1, extension: { audience: 'x' } }],
          [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'x', list: [1, null] } }],
          [],
        ),
      }),
    )
    .map(parts => Object.assign({}, ...parts));

const exec = fc
  .tuple(
    some({
      env: mostly(
        [{ name: 'OWN_A', value: 'b c' }],
        null,
        [],
        [{ name: '', value: 'x' }],
        [{ name: 'OWN_B' }],
        7,
      ),
    }),
    some({ args: mostly(['eks', 'get-token', '--x=y z'], null, [], ['a', 1], [true], 'text') }),
    some({ provideClusterInfo: mostly(true, false, null, 'true') }),
    some({ interactiveMode: mostly('Never', 'IfAvailable', 'Always', 'never', '', 1) }),
    some({ installHint: mostly('install it', '', null, 3) }),
    fc.record({
      apiVersion: mostly(
        V1,
        V1BETA1,
        V1BETA1,
        V1BETA1,
        'client.authentication.k8s.io/v1alpha1',
        '',
        null,
        'v1',
      ),
      command: mostly('aws', '/opt/bin/x', '', null, 5),
    }),
  )
  .map(parts => Object.assign({}, ...parts));

const user = fc
  .tuple(
    fc.record({ exec }),
    fc.oneof(
      { arbitrary: fc.constant({}), weight: 8 },
      {
        arbitrary: fc.constantFrom({ token: 'beside' }, { username: 'a', password: 'b' }, { token: '' }),
        weight: 1,
      },
    ),
  )
  .map(parts => Object.assign({}, ...parts));

const TIMES = [
  '2099-01-01T00:00:00Z',
  '2001-01-01T00:00:00Z',
  '2099-01-01T00:00:00.123456789+02:00',
  '2099-01-01T00:00:00',
  '2099-13-01T00:00:00Z',
  '2099-01-01 00:00:00Z',
  '',
  4_070_908_800,
  null,
];

const status = (pairs: readonly [KeyPair, KeyPair]) => {
  const [{ certificate, key }, other] = pairs;
  return fc.oneof(
    some({ token: mostly('the token', '', null, 3), expirationTimestamp: fc.constantFrom(...TIMES) }),
    some({
      token: fc.constantFrom('the token', ''),
      clientCertificateData: mostly(certificate, 'not PEM', '', 1),
      clientKeyData: mostly(key, other.key, '', 'not PEM', 1),
      expirationTimestamp: fc.constantFrom(...TIMES),
    }),
  );
};

const answer = (pairs: readonly [KeyPair, KeyPair], apiVersion: unknown) =>
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc
        .record(
          {
            kind: mostly('ExecCredential', 'Status', '', 1),
            apiVersion: mostly(apiVersion, V1, V1BETA1, 'v1', ''),
            status: fc.oneof(
              { arbitrary: status(pairs), weight: 9 },
              { arbitrary: fc.constantFrom(null, [], 'x'), weight: 1 },
            ),
            spec: fc.constantFrom({}, { interactive: true }),
          },
          { requiredKeys: ['kind', 'apiVersion'] },
        )
        .map(value => JSON.stringify(value)),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', ' \n', '{', '[]', 'null', 'the token', '{"status":{"token":"x"}}'),
    },
  );

/** @param authority PEM in base64 @param pairs two certificates whose keys differ */
export function randomLogins(authority: string, pairs: readonly [KeyPair, KeyPair]): fc.Arbitrary<Login> {
  return fc.tuple(cluster(authority), user, mostly(0, 1, 255)).chain(([ofCluster, ofUser, exit]) =>
    answer(pairs, ofUser.exec.apiVersion).map(printed => ({
      kubeconfig: kubeconfigOf(ofCluster, ofUser),
      answer: printed,
      exit: exit as number,
    })),
  );
}
