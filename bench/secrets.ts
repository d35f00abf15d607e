/**
 * 50 secrets of AWS Secrets Manager as a release reads them, beside AWS's command line once for each, on moto:
 * `npm run bench -- secrets`. A proxy counts the requests. Slipway's time is that of a process of its own, from its start, with its
 * sources and not with the bundle.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus, loadavg } from 'node:os';
import { promisify } from 'node:util';
import { silentLogger } from '@slipway/core';
import { openSecrets, openStores, parseAllowances, readStoreSettings } from '@slipway/secrets';
import { type RunningAws, startAws } from '@slipway/testbed';
import { median, runProgram } from './stopwatch.ts';

const COUNT = 50;
const ROUNDS = 5;
const KEY = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'anyone' };
const NAMES = Array.from({ length: COUNT }, (_, index) => `shop/${index}`);
const ALL = 'aws=ACCOUNT/eu-central-1/shop/*';

async function readAsSlipway(endpoint: string, account: string): Promise<void> {
  const environment = { ...KEY };
  const reader = {
    environment,
    allowances: parseAllowances([ALL.replace('ACCOUNT', account)]),
    text: (input: string) => (input === 'aws-endpoint' ? endpoint : ''),
    problem: (input: string, message: string) => {
      throw new Error(`${input} ${message}`);
    },
    parse: <Result>(_input: string, parse: () => Result) => parse(),
  };
  const unused = () => Promise.reject(new Error('unused'));
  const stores = await openStores(
    {
      environment,
      allowances: reader.allowances,
      workspace: '/nonexistent',
      readFile: unused,
      exec: unused,
      idToken: unused,
      mask: () => {},
      logger: silentLogger,
      signal: AbortSignal.timeout(60_000),
    },
    readStoreSettings(reader, new Set(['aws'])),
  );
  const { values } = await openSecrets({
    requests: NAMES.map(name => ({
      word: name.replace('/', '.'),
      reference: { from: 'aws', path: `${account}/eu-central-1/${name}` },
    })),
    stores,
    allowances: parseAllowances([ALL.replace('ACCOUNT', account)]),
    mask: () => {},
  });
  if (values.size !== COUNT) throw new Error(`${values.size} secrets were read`);
}

async function fill({ environment, address }: RunningAws): Promise<void> {
  const script = `
import boto3, sys
client = boto3.client('secretsmanager', endpoint_url='${address}')
for name in sys.argv[1:]:
    client.create_secret(Name=name, SecretString='value of ' + name)
`;
  await promisify(execFile)('python3', ['-c', script, ...NAMES], { env: { ...environment, ...KEY } });
}

async function countBefore(address: string) {
  let requests = 0;
  const server = createServer((incoming, response) => {
    requests++;
    const { method, headers, url = '/' } = incoming;
    const outgoing = request(new URL(url, address), { method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(outgoing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    take: () => {
      const counted = requests;
      requests = 0;
      return counted;
    },
    stop: () => void server.close(),
  };
}

async function compare(): Promise<void> {
  const aws = await startAws();
  await fill(aws);
  const proxy = await countBefore(aws.address);
  const own: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const args = ['--conditions=slipway-source', import.meta.filename, proxy.address, aws.account];
    own.push((await runProgram(process.execPath, args)).milliseconds);
  }
  const ownRequests = proxy.take() / ROUNDS;
  const environment = { ...aws.environment, ...KEY, AWS_ENDPOINT_URL: proxy.address };
  const started = performance.now();
  for (const name of NAMES)
    await runProgram(
      'python3',
      [`${aws.folder}/aws`, 'secretsmanager', 'get-secret-value', '--secret-id', name],
      environment,
    );
  const theirs = performance.now() - started;
  const theirRequests = proxy.take();
  proxy.stop();
  await aws.stop();
  const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;
  const [model = ''] = cpus().map(cpu => cpu.model);
  console.log(
    `${cpus().length} CPUs (${model}), load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}\n`,
  );
  console.log(`| ${COUNT} secrets | requests | time | range |\n|---|---|---|---|`);
  console.log(
    `| Slipway | ${ownRequests} | ${seconds(median(own))} | ${seconds(Math.min(...own))} to ${seconds(Math.max(...own))} |`,
  );
  console.log(
    `| \`aws secretsmanager get-secret-value\`, ${COUNT} times | ${theirRequests} | ${seconds(theirs)} | |`,
  );
}

const [endpoint, account] = process.argv.slice(2);
await (endpoint !== undefined && account !== undefined ? readAsSlipway(endpoint, account) : compare());
