import { parseImage } from '../../images/image-names.ts';

/** What the official images of what programs need beside them say of themselves, in their Dockerfiles. */
export interface KnownImage {
  readonly port: number;
  /** Whom it can run as from its start. */
  readonly user: number;
  /** The same in its variants on Alpine, where that differs. */
  readonly alpine?: number;
  /** Why the user is a guess; absent where the Dockerfile has the number. */
  readonly guess?: string;
  /** Folders that it writes to beside its volumes. */
  readonly writes: readonly string[];
  /** Where it keeps data that must not be lost. */
  readonly data?: string;
  /** Variables that it needs on a volume of a cluster. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * By their Dockerfiles: github.com/docker-library/postgres, mysql, mongo, redis, memcached and rabbitmq, github.com/MariaDB/mariadb-docker
 * and github.com/valkey-io/valkey-container.
 */
const IMAGES: Readonly<Record<string, KnownImage>> = {
  postgres: {
    port: 5432,
    user: 999,
    alpine: 70,
    writes: ['/var/run/postgresql', '/tmp'],
    data: '/var/lib/postgresql/data',
    // The root of a volume is not the user's, and may have a folder "lost+found".
    variables: { PGDATA: '/var/lib/postgresql/data/pgdata' },
  },
  mysql: { port: 3306, user: 999, writes: ['/var/run/mysqld', '/tmp'], data: '/var/lib/mysql' },
  mariadb: {
    port: 3306,
    user: 999,
    guess: 'the Dockerfile of the image has a name, and no number',
    writes: ['/run/mysqld', '/tmp'],
    data: '/var/lib/mysql',
  },
  mongo: { port: 27017, user: 999, writes: ['/tmp', '/data/configdb'], data: '/data/db' },
  redis: { port: 6379, user: 999, writes: ['/data'] },
  valkey: { port: 6379, user: 999, writes: ['/data'] },
  memcached: { port: 11211, user: 11211, writes: [] },
  rabbitmq: {
    port: 5672,
    user: 999,
    alpine: 100,
    writes: ['/tmp', '/etc/rabbitmq/conf.d'],
    data: '/var/lib/rabbitmq',
  },
};

/** Only images of Docker Hub's library and of its publishers under the same name. */
export function knownImage(image: string): KnownImage | undefined {
  const { repository, last } = parseImage(image);
  if (!/^(?:docker\.io\/)?(?:library\/|valkey\/)?[a-z]+$/.test(repository) || !Object.hasOwn(IMAGES, last))
    return undefined;
  const known = IMAGES[last];
  const { alpine } = known ?? {};
  const isOnAlpine = alpine !== undefined && /:[^:]*alpine/.test(image);
  return known === undefined || !isOnAlpine ? known : { ...known, user: alpine };
}
