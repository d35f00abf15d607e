import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { parseAllowances } from '@slipway/secrets';
import fc from 'fast-check';
import { isAllowed } from '../src/lines/allowance.ts';

const vault = (path: string) => ({ from: 'vault', path, key: 'x' }) as const;

describe('the list of secrets that a step may read', () => {
  it.each([
    ['kv/shop/database', 'kv/shop/database', true],
    ['kv/shop/database', 'kv/shop/databases', false],
    ['kv/shop/*', 'kv/shop/database', true],
    ['kv/shop/*', 'kv/shop', false],
    ['kv/shop/*', 'kv/shop/database/admin', false],
    ['kv/shop/**', 'kv/shop/database/admin', true],
    ['kv/shop/**', 'kv/shop', false],
    ['kv/shop/**', 'kv/shops/database', false],
    ['kv/*/database', 'kv/shop/database', true],
    ['kv/*/database', 'kv/a/b/database', false],
    ['kv/shop-*', 'kv/shop-eu', true],
    ['kv/a*b*c', 'kv/a-b-c', true],
    ['kv/a*b*c', 'kv/abbc', true],
    ['kv/ab*bc', 'kv/abc', false],
    ['kv/*', 'kv/..', false],
    ['kv/**', 'kv/a/../../sys', false],
    ['kv/**', 'kv/a%2fb', false],
    ['kv/**', 'kv//b', false],
    ['kv/**', 'kv/a/', false],
    ['KV/a', 'kv/a', false],
  ])('%s and %s: %s', (pattern, path, expected) => {
    expect(isAllowed(vault(path), parseAllowances([`vault=${pattern}`]))).toBe(expected);
  });

  it('holds for one store only', () => {
    const allowances = parseAllowances(['sops=a/b', 'env=PASSWORD']);
    expect(isAllowed(vault('a/b'), allowances)).toBe(false);
    expect(isAllowed({ from: 'sops', file: 'a/b' }, allowances)).toBe(true);
    expect(isAllowed({ from: 'env', name: 'PASSWORD' }, allowances)).toBe(true);
    expect(isAllowed({ from: 'env', name: 'password' }, allowances)).toBe(false);
  });

  it('lets no path out of the folder before the first asterisk, whatever the path', () => {
    const allowances = parseAllowances(['vault=kv/shop/**']);
    const text = fc.oneof(fc.constantFrom('..', '.', '', '%2e%2e', '%2f', '*', 'shop', 'kv'), fc.string());
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), segments => {
        const path = segments.join('/');
        if (!isAllowed(vault(path), allowances)) return;
        const { pathname } = new URL(`https://vault/v1/${path}`);
        expect(pathname.startsWith('/v1/kv/shop/')).toBe(true);
        expect(decodeURIComponent(pathname)).toBe(`/v1/${path}`);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['the account', 'aws=*/eu-central-1/shop'],
    ['a part of the account', 'aws=11112222333*/eu-central-1/shop'],
    ['the region', 'aws=111122223333/*/shop'],
    ['a part of the region', 'aws=111122223333/eu-*/shop'],
    ['everything of a region', 'aws=111122223333/eu-central-1/**'],
    ['everything of an account', 'aws=111122223333/**'],
    ['no account', 'aws=shop/database'],
    ['an ARN', 'aws=arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop'],
    ['a parameter of another service', 'aws-ssm=111122223333/eu-central-1/aws/reference/secretsmanager/shop'],
    ['the same in capitals', 'aws-ssm=111122223333/eu-central-1/AWS/reference/*'],
    ['a parameter everywhere', 'aws-ssm=*/eu-central-1/shop'],
  ])('does not take a line of AWS that names %s', (_name, line) => {
    const parse = (): unknown => parseAllowances([line]);
    expect(parse).toThrow(expect.objectContaining({ code: 'secret-allowance-invalid' }));
    expect(parse).not.toThrow(/secretsmanager|1111222233(?!33\/eu-central-1\/shop\/\*)/);
  });

  it.each([
    ['aws=111122223333/eu-central-1/shop/*', '111122223333/eu-central-1/shop/db', true],
    ['aws=111122223333/eu-central-1/*', '111122223333/eu-central-1/db', true],
    ['aws=111122223333/eu-central-1/shop/**', '111122223333/eu-central-1/shop/a/b', true],
    ['aws=111122223333/eu-central-1/shop/*', '444455556666/eu-central-1/shop/db', false],
    ['aws=111122223333/eu-central-1/shop/*', '111122223333/us-east-1/shop/db', false],
    ['aws=111122223333/eu-central-1/shop/*', '111122223333/eu-central-1/other/db', false],
  ])('%s and the secret %s: %s', (line, path, expected) => {
    expect(isAllowed({ from: 'aws', path }, parseAllowances([line]))).toBe(expected);
    expect(isAllowed({ from: 'aws-ssm', path }, parseAllowances([line]))).toBe(false);
  });

  it.each([
    ['the project', 'gcp=*/database'],
    ['a part of the project', 'gcp=shop-*/database'],
    ['the location', 'gcp=shop-production/*/database'],
    ['a part of the location', 'gcp=shop-production/europe-*/database'],
    ['everything of a project', 'gcp=shop-production/**'],
    ['everything of a location', 'gcp=shop-production/europe-west3/**'],
    ['no secret', 'gcp=shop-production'],
    ['a project in capitals', 'gcp=Shop-Production/database'],
    ['a project of a domain', 'gcp=acme.io:shop-production/database'],
    ['a resource', 'gcp=projects/shop-production/secrets/database'],
    ['a version', 'gcp=shop-production/database/versions/1'],
    ['a character that no name has', 'gcp=shop-production/data:base'],
  ])('does not take a line of Google Cloud that names %s', (_name, line) => {
    const parse = (): unknown => parseAllowances([line]);
    expect(parse).toThrow(expect.objectContaining({ code: 'secret-allowance-invalid' }));
    expect(parse).not.toThrow(/versions|acme|europe|data:/);
  });

  it.each([
    ['gcp=shop-production/database', 'shop-production/database', true],
    ['gcp=shop-production/shop-*', 'shop-production/shop-database', true],
    ['gcp=shop-production/*', 'shop-production/database', true],
    ['gcp=shop-production/eu/*', 'shop-production/eu/database', true],
    ['gcp=123456789012/database', '123456789012/database', true],
    ['gcp=123456789012/database', 'shop-production/database', false],
    ['gcp=shop-production/*', 'shop-production/eu/database', false],
    ['gcp=shop-production/*', 'shop-staging/database', false],
    ['gcp=shop-production/europe-west3/*', 'shop-production/europe-west4/database', false],
    ['gcp=shop-production/shop-*', 'shop-production/database', false],
  ])('%s and the secret %s of Google Cloud: %s', (line, path, expected) => {
    expect(isAllowed({ from: 'gcp', path }, parseAllowances([line]))).toBe(expected);
  });

  it.each([
    ['the host', 'azure=*/shop-db'],
    ['a part of the host', 'azure=shop*.vault.azure.net/shop-db'],
    ['a host that is not Azure', 'azure=shop.vault.azure.net.example/shop-db'],
    ['a host with a port', 'azure=shop.vault.azure.net:8443/shop-db'],
    ['a host of a module of keys', 'azure=shop.managedhsm.azure.net/shop-db'],
    ['a host in capitals', 'azure=Shop.vault.azure.net/shop-db'],
    ['a URL', 'azure=https://shop.vault.azure.net/secrets/shop-db'],
    ['everything of a host', 'azure=shop.vault.azure.net/**'],
    ['a version', 'azure=shop.vault.azure.net/shop-db/0123456789abcdef0123456789abcdef'],
    ['no name', 'azure-certificate=shop.vault.azure.net'],
    ['a certificate everywhere', 'azure-certificate=*/shop-tls'],
  ])('does not take a line of Azure that names %s', (_name, line) => {
    const parse = (): unknown => parseAllowances([line]);
    expect(parse).toThrow(expect.objectContaining({ code: 'secret-allowance-invalid' }));
    expect(parse).not.toThrow(/shop-db|example|managedhsm/);
  });

  it.each([
    ['azure=shop.vault.azure.net/shop-*', 'shop.vault.azure.net/shop-db', true],
    ['azure=shop.vault.azure.cn/*', 'shop.vault.azure.cn/db', true],
    ['azure=shop.vault.azure.net/shop-*', 'other.vault.azure.net/shop-db', false],
    ['azure=shop.vault.azure.net/shop-*', 'shop.vault.azure.cn/shop-db', false],
    ['azure=shop.vault.azure.net/shop-*', 'shop.vault.azure.net/other-db', false],
    ['azure=shop.vault.usgovcloudapi.net/a', 'shop.vault.usgovcloudapi.net/a', true],
  ])('%s and the secret %s: %s, and never a certificate', (line, path, expected) => {
    expect(isAllowed({ from: 'azure', path }, parseAllowances([line]))).toBe(expected);
    expect(isAllowed({ from: 'azure-certificate', path }, parseAllowances([line]))).toBe(false);
  });

  it('says what is wrong with a line of a store that it knows', () => {
    const read = (): unknown => parseAllowances(['sops=', 'env=DATABASE_*', 'secrets-manager=x']);
    expect(read).toThrow(/a line "sops=" with nothing behind it; write a line such as sops=/);
    expect(read).toThrow(/a line "env=…" that does not name one variable; write env=NAME for each/);
    expect(read).toThrow(/names the store "secrets-manager", which Slipway does not know; /);
  });

  it('never repeats what follows the = of a wrong entry', () => {
    const read = (): unknown => parseAllowances(['password=hunter2', 'hunter3', 'vault=a/../hunter4']);
    expect(read).toThrow(SlipwayError);
    expect(read).not.toThrow(/hunter/);
  });

  it.each([
    'vault=kv//a',
    'vault=/kv',
    'vault=kv/',
    'vault=..',
    'sops=a/../b',
    'vault=kv/a%2fb',
    'vault=**',
    'vault=kv/**/a',
    'vault=kv/a**',
    'sops=a\\b',
    'env=',
    'sops=',
    'env=*',
    'env=DATABASE_*',
    'env=A B',
    'env=A-B',
    'sops=a.yaml # the certificate',
  ])('does not take %s', entry => {
    expect(() => parseAllowances([entry])).toThrow(
      expect.objectContaining({ code: 'secret-allowance-invalid' }),
    );
  });
});
