import { describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonObject, type JsonValue, valueAt } from '@slipway/core';
import { parseDocuments } from '@slipway/yaml';
import fc from 'fast-check';
import { contributionsFor, filesOf, guessesIn } from '../src/index.ts';

const DOCKERFILE = 'FROM node:24-slim\nUSER 1000\nEXPOSE 4000\nCMD ["node", "server.js"]\n';
type Texts = Readonly<Record<string, string>>;

async function proposed(compose: string, more: Texts = {}) {
  const files = { Dockerfile: DOCKERFILE, 'compose.yaml': compose, ...more };
  const found = await contributionsFor({ files: filesOf(files), name: 'shop', answers: {} });
  const text = (path: string): string => found.files.find(file => file.path === path)?.text ?? '';
  const objects = (service: string): JsonObject[] =>
    parseDocuments(text(`stencils/${service}.yaml`), 'x').map(({ value }) => value as JsonObject);
  return { ...found, text, objects, said: found.remarks.map(lineOf) };
}

function lineOf({
  kind,
  at,
  message,
}: {
  kind: string;
  at?: { path: string; line: number };
  message: string;
}): string {
  return `${at?.path}:${at?.line}: ${kind}: ${message}`;
}

const kindsOf = (objects: readonly JsonObject[]): unknown[] => objects.map(({ kind }) => kind);
const container = (objects: readonly JsonObject[]): JsonObject =>
  valueAt(objects[0] ?? {}, ['spec', 'template', 'spec', 'containers', 0]) as JsonObject;
const environment = (objects: readonly JsonObject[]): Record<string, JsonValue> =>
  Object.fromEntries(
    ((container(objects)['env'] ?? []) as JsonObject[]).map(({ name, value, valueFrom }) => [
      String(name),
      value ?? valueAt(valueFrom ?? {}, ['secretKeyRef', 'key']) ?? null,
    ]),
  );

const SHOP = `services:
  web:
    build: .
    ports: ["8080:3000"]
    environment:
      DATABASE_URL: postgres://shop:\${DB_PASSWORD}@db:5432/shop
      LEVEL: \${LEVEL:-info}
    depends_on: [db]
  db:
    image: postgres:17
    environment: { POSTGRES_USER: shop, POSTGRES_PASSWORD: "\${DB_PASSWORD}" }
    volumes: [data:/var/lib/postgresql/data]
volumes: { data: }
`;

describe('what a compose file becomes', () => {
  it('is a workload and a Service for each service, under the name by which the others reach it', async () => {
    const { services, objects, formations } = await proposed(SHOP);
    expect(services).toEqual([
      { name: 'web', service: { build: { context: '.' } } },
      { name: 'db', service: { image: 'docker.io/library/postgres:17' } },
    ]);
    expect(kindsOf(objects('web'))).toEqual(['Deployment', 'Service', 'PodDisruptionBudget']);
    expect(kindsOf(objects('db'))).toEqual(['Deployment', 'Service', 'PersistentVolumeClaim']);
    expect(valueAt(objects('web')[1] ?? {}, ['spec', 'ports', 0, 'port'])).toBe(3000);
    expect(valueAt(objects('db')[0] ?? {}, ['spec', 'strategy', 'type'])).toBe('Recreate');
    expect(formations.map(({ name }) => name)).toEqual(['staging']);
  });

  it('has literals with a mark, and one secret for a variable that several services name', async () => {
    const { files, objects, text } = await proposed(SHOP);
    expect(environment(objects('web'))).toEqual({
      DB_PASSWORD: 'db-password',
      DATABASE_URL: 'postgres://shop:$(DB_PASSWORD)@db:5432/shop',
      LEVEL: 'info',
    });
    expect(Object.keys(environment(objects('web')))[0]).toBe('DB_PASSWORD');
    expect(text('config/secrets.yaml').match(/name: DB_PASSWORD/g)).toHaveLength(2);
    expect(guessesIn(files).map(({ why }) => why)).toContain('compose.yaml:7 has it for one machine');
  });

  it('repeats no secret, wherever the file has it again, and names each line', async () => {
    const { files, services, remarks, said, objects, text } = await proposed(
      `services:
  web:
    build: { context: ., args: { NPM_TOKEN: tok-en-1234 } }
    command: serve --password=pass-word-1234
    healthcheck: { test: "check pass-word-1234" }
    environment:
      - DB_PASSWORD=pass-word-1234
      - URL=http://x/?key=pass-word-1234
      - DSN_OF=mysql://root:other-5678@db/x
    env_file: [web.env]
    secrets: [signing]
secrets: { signing: { file: signing.pem } }
`,
      { 'web.env': 'A=1\nAPI_KEY="in-file-9999"\n', 'signing.pem': 'pem-pem-pem' },
    );
    expect(JSON.stringify([files, services, remarks])).not.toMatch(
      /pass-word-1234|tok-en-1234|other-5678|in-file-9999|pem-pem-pem/,
    );
    expect(said.filter(line => line.includes(' secret: ')).map(line => line.split(':')[1])).toEqual(
      expect.arrayContaining(['3', '7', '8', '9', '12']),
    );
    expect(container(objects('web'))['args']).toEqual(['serve', '--password=$(DB_PASSWORD)']);
    expect(valueAt(container(objects('web')), ['readinessProbe', 'exec', 'command', 2])).toBe(
      'check $${DB_PASSWORD}',
    );
    expect(text('config/secrets.yaml')).toContain('name: SIGNING }');
    expect(container(objects('web'))['volumeMounts']).toContainEqual({
      name: 'secret-files',
      mountPath: '/run/secrets/signing',
      subPath: 'signing',
      readOnly: true,
    });
  });

  it('runs what others wait for as a Job with a turn before theirs, after what it needs', async () => {
    const { objects } = await proposed(`services:
  web: { build: ., depends_on: { migrate: { condition: service_completed_successfully } } }
  migrate: { build: ., command: node migrate.js, depends_on: [db] }
  db: { image: mariadb:12, volumes: ["d:/var/lib/mysql"] }
`);
    const turn = (service: string): unknown =>
      valueAt(objects(service)[0] ?? {}, ['metadata', 'annotations', 'slipway.dev/order']);
    expect(kindsOf(objects('migrate'))).toEqual(['Job']);
    expect([turn('db'), turn('migrate'), turn('web')]).toEqual(['-2', '-1', undefined]);
    expect(container(objects('migrate'))['image']).toBe('${image.web}');
  });

  it('has the name of a service without a port that is known, and no probe that could never pass', async () => {
    const { objects, said } = await proposed(`services:
  web: { build: ., environment: { BROKER: "tcp://bus:1" } }
  bus: { image: acme/bus:1 }
  worker: { build: ., command: node worker.js }
`);
    expect(valueAt(objects('bus')[1] ?? {}, ['spec', 'clusterIP'])).toBe('None');
    expect(kindsOf(objects('worker'))).toEqual(['Deployment', 'PodDisruptionBudget']);
    expect(container(objects('worker'))['readinessProbe']).toBeUndefined();
    expect(said.join('\n')).toContain(
      'compose.yaml:4: note: the service "worker" has neither a port nor a healthcheck',
    );
  });

  it('has the times of a healthcheck, replicas, limits, the user and the command', async () => {
    const { objects } = await proposed(`services:
  web:
    build: .
    entrypoint: ["tini", "--"]
    command: node "my server.js" $$HOME
    user: "1234:1"
    working_dir: /srv
    stop_grace_period: 1m30s
    deploy: { replicas: 3, resources: { limits: { cpus: "0.5", memory: 200M } } }
    healthcheck: { test: [CMD, node, health.js], interval: 10s, timeout: 500ms, retries: 5, start_period: 1m }
`);
    const [deployment = {}] = objects('web');
    expect(container(objects('web'))).toMatchObject({
      command: ['tini', '--'],
      args: ['node', 'my server.js', '$HOME'],
      workingDir: '/srv',
      readinessProbe: {
        exec: { command: ['node', 'health.js'] },
        ...{ periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 5, initialDelaySeconds: 60 },
      },
      resources: { requests: { cpu: '500m', memory: '200Mi' }, limits: { memory: '200Mi' } },
    });
    expect(valueAt(deployment, ['spec', 'replicas'])).toBe(3);
    expect(valueAt(deployment, ['spec', 'template', 'spec', 'securityContext', 'runAsUser'])).toBe(1234);
    expect(valueAt(deployment, ['spec', 'template', 'spec', 'terminationGracePeriodSeconds'])).toBe(90);
  });

  it('asks with no command that would need a shell to be right', async () => {
    const { said, objects } = await proposed(
      'services: { web: { build: ., healthcheck: { test: [CMD, ask, "${WHO}"] } } }\n',
    );
    expect(container(objects('web'))['readinessProbe']).toHaveProperty('tcpSocket');
    expect(said.join('\n')).toContain('compose.yaml:1: unread: the healthcheck names a variable');
  });

  it('names each field that it does not take over by its line', async () => {
    const { said } = await proposed(`services:
  web:
    build: { context: ., cache_from: [x] }
    privileged: true
    unheard_of: 1
    restart: "no"
    extends: { file: other.yaml, service: x }
    deploy: { mode: global, resources: { limits: { pids: 1 } } }
    healthcheck: { test: [CMD, a], start_interval: 1s }
    ports: [{ target: 1, what: 2 }, "1-99"]
    volumes: ["./here:/there", { type: bind, source: /a, target: /b, bind: {} }]
    environment: ["=x"]
    env_file: [gone.env]
    user: node
  tool: { image: x, profiles: [dev] }
  nothing: {}
include: [other.yaml]
networks: { a: }
x-own: { b: 1 }
`);
    const missing: Readonly<Record<string, number>> = {
      ...{ '"build.cache_from"': 3, '"privileged"': 4, '"unheard_of"': 5, 'says "no"': 6, '"extends"': 7 },
      ...{ '"deploy.mode"': 8, '"deploy.resources.limits.pids"': 8, '"healthcheck.start_interval"': 9 },
      ...{ '"what"': 10, '"1-99"': 10, '"./here"': 11, '"/a"': 11, '"bind"': 11, 'name of a variable': 12 },
      ...{ '"gone.env"': 13, 'the user "node"': 2, 'the service "tool"': 15, 'the service "nothing"': 16 },
      ...{ '"include"': 17, 'networks are not': 18 },
    };
    for (const [text, line] of Object.entries(missing))
      expect(said).toContainEqual(
        expect.stringMatching(
          new RegExp(`^compose.yaml:${line}: \\w+: .*${text.replaceAll(/[.()]/g, '\\$&')}`),
        ),
      );
    expect(said.join('\n')).not.toContain('x-own');
  });

  it('is built once for services with one image, and writes the Dockerfile that is missing', async () => {
    const { services, text, objects } = await proposed(
      'services:\n  api: { build: api }\n  job: { build: ./api/, command: node job.js }\n',
      {
        'api/package.json': '{"scripts":{"start":"node a.js"},"dependencies":{"express":"5"}}',
        'api/a.js': 'x.listen(9000)',
      },
    );
    expect(services.map(({ name }) => name)).toEqual(['api', 'shop']);
    expect(text('api/Dockerfile')).toContain('EXPOSE 9000');
    expect(container(objects('job'))['image']).toBe('${image.api}');
  });

  it.each([
    ['{ context: ., dockerfile: Dockerfile.prod }', 'Dockerfile.prod'],
    ['./nope', 'nope/Dockerfile'],
  ])('says which Dockerfile does not exist: %s', async (build, path) => {
    const { said } = await proposed(`services:\n  web:\n    build: ${build}\n`);
    expect(said).toContainEqual(
      expect.stringContaining(
        `compose.yaml:2: conflict: the service "web" is built by "${path}", which is not`,
      ),
    );
  });

  it.each([
    ['services: { web: { build: . } }\n', {}],
    [
      'services: { web: { build: { context: ., dockerfile: docker/Dockerfile } } }\n',
      { 'docker/Dockerfile': '' },
    ],
  ])('says nothing of one that does: %s', async (compose, more) => {
    const { said } = await proposed(compose, more);
    expect(said.join('\n')).not.toContain('is built by');
  });

  it('has words such as "yes" and "off" as Compose reads them, as names as well', async () => {
    const { objects, said } = await proposed(`services:
  web:
    build: .
    restart: no
    environment:
      DEBUG: yes
      X: on
      N: no
      Y: 1
      T: true
      UPPER: Off
      "=": x
      LAST: "yes"
`);
    expect(environment(objects('web'))).toEqual({
      ...{ DEBUG: 'yes', X: 'on', N: 'no', Y: '1', T: 'true', UPPER: 'Off', LAST: 'yes' },
    });
    expect(said.join('\n')).toMatch(/compose\.yaml:4: .* says "no"(?:.*\n)*compose\.yaml:12: /);
  });

  it.each([
    ['command: { a: b }', '"command"'],
    ['command: [x, { a: b }]', 'an item of "command"'],
    ['entrypoint: { a: b }', '"entrypoint"'],
    ['deploy: [x]', '"deploy"'],
    ['volumes: { a: b }', '"volumes"'],
    ['volumes: [[x]]', 'an item of "volumes"'],
    ['healthcheck: [x]', '"healthcheck"'],
    ['ports: "80"', '"ports"'],
    ['environment: x', '"environment"'],
    ['environment: { A: { b: 1 } }', 'the value of "A"'],
  ])('leaves what is not written as Compose takes it, with a remark: %s', async (line, what) => {
    const { said, objects, text } = await proposed(`services:\n  web:\n    build: .\n    ${line}\n`);
    expect(said).toContainEqual(expect.stringContaining(`compose.yaml:4: unread: ${what}`));
    expect(text('stencils/web.yaml')).not.toContain('object');
    expect(container(objects('web'))['env']).toBeUndefined();
  });

  it.each(['services: [{ web: { build: . } }]\n', '- services\n'])(
    'says that services are a map: %j',
    async compose => {
      const { said } = await proposed(compose);
      expect(said.join('\n')).toContain('compose.yaml:1: unread: "services" must be a map');
    },
  );

  it('is left out, by name, where it only runs what a developer needs beside the program', async () => {
    const { said, services, text } = await proposed('services: { db: { image: "postgres:17" } }\n');
    expect(services.map(({ name }) => name)).toEqual(['shop']);
    expect(text('stencils/db.yaml')).toBe('');
    expect(said.join('\n')).toContain(
      'compose.yaml:1: unread: the compose file runs "db" and builds nothing',
    );
  });

  it('is read without its override, which a remark names', async () => {
    const override = 'services: { web: { ports: ["9999:9999"] } }\n';
    const { said, text } = await proposed(SHOP, { 'compose.override.yaml': override });
    expect(said.join('\n')).toContain(
      'compose.override.yaml:1: unread: Compose merges the file into "compose.yaml"',
    );
    expect(text('stencils/web.yaml')).not.toContain('9999');
  });

  it.each([
    ['postgres:17', 999],
    ['postgres:17-alpine', 70],
    ['rabbitmq:4-management-alpine', 100],
    ['rabbitmq:4', 999],
    ['redis:8-alpine', 999],
    ['mongo:8', 999],
    ['memcached:1.6', 11211],
  ])('has the user that the Dockerfile of an official image has, as a guess: %s', async (image, user) => {
    const { text } = await proposed(`services: { web: { build: . }, it: { image: "${image}" } }\n`);
    expect(text('stencils/it.yaml')).toMatch(
      new RegExp(`runAsUser: ${user} # guess: the user of the official image`),
    );
  });

  it('says that MariaDB names no number for its user', async () => {
    const { text } = await proposed('services: { web: { build: . }, it: { image: "mariadb:11" } }\n');
    expect(text('stencils/it.yaml')).toMatch(/runAsUser: 999 # guess: .* has a name, and no number/);
  });

  it('is left out, with its line, where it cannot be read', async () => {
    const { said, text } = await proposed('services:\n  web: { build: [\n');
    expect(said.join('\n')).toMatch(/compose\.yaml:\d: unread: the compose file cannot be read/);
    expect(text('stencils/shop.yaml')).not.toBe('');
  });

  it('says which name a service gets that no cluster takes', async () => {
    const { services, said } = await proposed('services: { My_App: { build: . } }\n');
    expect(services.map(({ name }) => name)).toEqual(['my-app']);
    expect(said.join('\n')).toContain('conflict: the service "My_App" becomes "my-app"');
  });
});

describe('any compose file', () => {
  const word = fc.stringMatching(/^[a-zA-Z0-9_${}()"'\\ :/.@#-]{0,12}$/);
  const json: fc.Arbitrary<JsonValue> = fc.letrec(tie => ({
    value: fc.oneof(
      { maxDepth: 2 },
      word,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(word, tie('value'), { maxKeys: 3 }),
    ),
  })).value as fc.Arbitrary<JsonValue>;
  const KEYS = [
    'image',
    'build',
    'command',
    'entrypoint',
    'environment',
    'env_file',
    'ports',
    'expose',
    'volumes',
    'healthcheck',
    'depends_on',
    'deploy',
    'user',
    'secrets',
    'tmpfs',
    'restart',
    'profiles',
    'scale',
  ];
  const service = fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), word), json, { maxKeys: 6 });

  it('becomes stencils that can be read, or remarks, and never a failure', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(word, service, { maxKeys: 3 }), async services => {
        const compose = JSON.stringify({ services: { web: { build: '.' }, ...services } });
        const { files } = await proposed(compose).catch(error => {
          if (error.code === 'service-twice') return { files: [] };
          throw error;
        });
        for (const { path, text } of files)
          if (path.startsWith('stencils/'))
            for (const { value } of parseDocuments(text, path)) expect(isJsonObject(value)).toBe(true);
      }),
      // The name of a variable that YAML reads as something other than text.
      { numRuns: 300, examples: [[{ db: { image: 'x:1', environment: ['null', 'TRUE', '0x1'] } }]] },
    );
  });

  it('shows no secret of the environment anywhere', async () => {
    const SECRET = 'Zq9-Zq9-Zq9';
    const place = fc.constantFrom('command', 'entrypoint', 'working_dir', 'user', 'image', 'environment');
    await fc.assert(
      fc.asyncProperty(place, word, word, async (key, before, after) => {
        const text = `${before}${SECRET}${after}`;
        const other = key === 'environment' ? { environment: { OTHER: text } } : { [key]: text };
        const services = {
          web: { build: '.', environment: { API_TOKEN: SECRET } },
          b: { image: 'x:1', ...other },
        };
        const { files, remarks, services: built } = await proposed(JSON.stringify({ services }));
        expect(JSON.stringify([files, remarks, built])).not.toContain(SECRET);
      }),
    );
  });
});
