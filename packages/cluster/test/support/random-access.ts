import type { KeyPair } from '@slipway/testbed';
import fc from 'fast-check';
import { kubeconfigOf, type Login } from './client-go.ts';
import { mostly, some } from './random-logins.ts';

/** Absolute paths of what kubeconfigs name, and PEM. */
export interface AccessFiles {
  readonly authority: string;
  readonly authorityFile: string;
  readonly pair: KeyPair;
  readonly other: KeyPair;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly tokenFile: string;
}

const MISSING = '/nowhere/missing';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const jwt = (claims: object): string =>
  ['{}', JSON.stringify(claims), 'signature'].map(part => Buffer.from(part).toString('base64url')).join('.');

/** Present in one case of four, so that few cases are refused for what they combine. */
const seldom = (fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> =>
  fc.oneof({ arbitrary: fc.constant({}), weight: 3 }, { arbitrary: some(fields), weight: 1 });

const joined = (...parts: readonly fc.Arbitrary<object>[]): fc.Arbitrary<object> =>
  fc.tuple(...parts).map(objects => Object.assign({}, ...objects));

const cluster = (files: AccessFiles) =>
  joined(
    fc.constantFrom({ server: 'https://a.example' }, { server: 'https://a.example:6443/b' }),
    some({
      'certificate-authority-data': mostly(
        base64(files.authority),
        base64(files.authority).replace(/.{64}/g, '$&\n'),
        '',
        null,
        '###',
        'QUJ',
        7,
      ),
    }),
    seldom({ 'certificate-authority': mostly(files.authorityFile, MISSING, '', null, true) }),
    seldom({ 'insecure-skip-tls-verify': mostly(true, false, null, 'true', 1) }),
    seldom({ 'tls-server-name': mostly('b.example', '', null, 1) }),
    seldom({
      'proxy-url': mostly(
        'http://proxy.example:3128',
        'https://user:pass@proxy.example',
        'socks5://proxy.example:1080',
        'socks5h://proxy.example:1080',
        'socks4://proxy.example:1080',
        'ftp://proxy.example',
        'proxy.example:3128',
        '',
        null,
        [],
      ),
    }),
  );

const provider = (idToken: fc.Arbitrary<unknown>) =>
  fc.record({
    name: mostly('oidc', 'gcp', 'azure', '', null),
    config: joined(
      some({ 'idp-issuer-url': mostly('https://issuer.invalid', '', null) }),
      // client-go keeps the first login of a client for all that follow.
      fc.oneof(
        { arbitrary: fc.uuid().map(id => ({ 'client-id': id })), weight: 8 },
        { arbitrary: fc.constantFrom({}, { 'client-id': '' }), weight: 1 },
      ),
      some({ 'id-token': idToken, 'client-secret': mostly('x', '', null) }),
    ),
  });

const user = (files: AccessFiles) =>
  joined(
    some({ token: mostly('the token', '', null, 12, 'tök en') }),
    seldom({ tokenFile: mostly(files.tokenFile, MISSING, '', null, 1) }),
    seldom({ username: mostly('me', '', null, 1), password: mostly('pass:word', '', null, true) }),
    seldom({
      'client-certificate-data': mostly(base64(files.pair.certificate), '', null, '#'),
      'client-key-data': mostly(base64(files.pair.key), base64(files.other.key), '', null),
    }),
    seldom({
      'client-certificate': mostly(files.certificateFile, MISSING, '', null),
      'client-key': mostly(files.keyFile, MISSING, '', null),
    }),
    seldom({
      as: mostly('system:serviceaccount:a:b', '', null, 1),
      'as-uid': mostly('1-2', '', null, 1),
      'as-groups': mostly(['one', 'two'], [], null, [''], ['one', null], 'one', [1]),
      'as-user-extra': mostly(
        { 'example.com/Reason': ['a', 'b'], '100% [x]/ü': ['c'] },
        {},
        null,
        { empty: [] },
        { none: null },
        { one: 'a' },
        [],
      ),
    }),
    seldom({
      'auth-provider': provider(
        mostly(jwt({ exp: 4_102_444_800 }), jwt({ exp: 1 }), jwt({}), 'not a token', '', null),
      ),
    }),
  );

/** Kubeconfigs whose user logs in without a plugin. */
export function randomAccess(files: AccessFiles): fc.Arbitrary<Login> {
  return fc.tuple(cluster(files), user(files)).map(([ofCluster, ofUser]) => ({
    kubeconfig: kubeconfigOf(ofCluster, ofUser),
    answer: '',
    exit: 0,
  }));
}
