import type { ProposedFile } from '../proposal/contribution.ts';
import { backingServicesOf } from '../services/backing-services.ts';
import { type SecretVariable, secretKey, secretName, secretStencil } from '../stencils/secret.ts';
import { type Variable, workloadStencil } from '../stencils/workload.ts';
import type { ExistingUser } from './existing-user.ts';
import type { FoundProgram } from './find-programs.ts';

/** A program with the name of its service. */
export interface NamedProgram extends FoundProgram {
  readonly name: string;
  /** Whom its Dockerfile runs as, if that was there before. */
  readonly given?: ExistingUser;
}

const PORT = { number: 8080, guess: 'nothing in the source says where it listens' };

/** The stencils of a program. */
export function programStencils(named: NamedProgram): readonly ProposedFile[] {
  const { name, program } = named;
  const { facts, user, writes, keeps, memory } = program;
  const { port, health, healthHeaders } = facts;
  const text = workloadStencil({
    name,
    replicas: 2,
    port:
      port === undefined
        ? PORT
        : { number: port.value, ...(port.guess !== undefined && { guess: port.guess }) },
    servicePort: 80,
    ...(health !== undefined && { health: health.value }),
    ...(healthHeaders && { headers: healthHeaders }),
    user: named.given?.user ?? { id: user },
    ...(named.given && {
      readOnlyGuess: 'the program of the Dockerfile may write elsewhere than into the volumes below',
    }),
    writes,
    ...(keeps && { keeps }),
    variables: variablesOf(named),
    memory,
  });
  const variables = secretsOf(named);
  const secret = {
    path: `stencils/${name}-secrets.yaml`,
    text: secretStencil(name, variables),
    about: `the secrets of ${name}`,
  };
  return [
    { path: `stencils/${name}.yaml`, text, about: `runs ${name}` },
    ...(variables.length === 0 ? [] : [secret]),
  ];
}

/** What must be filled in: addresses of what keeps data, and what the framework itself needs. */
export function secretsOf({ program }: NamedProgram): readonly SecretVariable[] {
  const addresses = backingServicesOf(program.facts.dependencies)
    .filter(({ ready }) => ready === undefined)
    .map(({ title, variable }) => addressOf(title, variable, program.facts.framework));
  const own = program.secrets.map((one): SecretVariable => ({ ...one, isFact: true }));
  const all = [...own, ...addresses];
  return all.filter(({ variable }, at) => all.findIndex(one => one.variable === variable) === at);
}

/** The settings of a JDBC connection have variables of their own in these frameworks. */
const JDBC: Readonly<Record<string, string>> = {
  'Spring Boot': 'SPRING_DATASOURCE_URL',
  Quarkus: 'QUARKUS_DATASOURCE_JDBC_URL',
};

function addressOf(title: string, usual: string, framework = ''): SecretVariable {
  const variable = usual === 'DATABASE_URL' ? (JDBC[framework] ?? usual) : usual;
  return {
    variable,
    why: `a dependency talks to ${title}, and most programs read its address from ${variable}`,
  };
}

function variablesOf(named: NamedProgram): readonly Variable[] {
  const secrets = secretsOf(named).map(
    ({ variable, isFact }): Variable => ({
      name: variable,
      secret: secretName(named.name),
      key: secretKey(variable),
      ...(isFact !== true && { guess: 'the name of the variable that the program reads' }),
    }),
  );
  const addresses = backingServicesOf(named.program.facts.dependencies).flatMap(
    ({ variable, ready }): Variable[] =>
      ready === undefined
        ? []
        : [
            {
              name: variable,
              value: ready.address,
              guess: 'the name of the variable that the program reads',
            },
          ],
  );
  return [...secrets, ...addresses];
}
