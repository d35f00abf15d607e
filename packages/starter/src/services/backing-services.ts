/** Something that programs need beside them, recognised by the packages that talk to it. */
export interface BackingService {
  /** As people call it. */
  readonly title: string;
  /** Names of packages, of any language. */
  readonly packages: RegExp;
  /** The variable that most programs read its address from. */
  readonly variable: string;
  /** A ready-made image for what may lose its data; what must keep it is a secret with an address. */
  readonly ready?: ReadyMade;
}

export interface ReadyMade {
  /** The name of the service and of its objects. */
  readonly name: string;
  readonly image: string;
  readonly port: number;
  readonly user: number;
  /** Arguments of its own entry point. */
  readonly args: readonly string[];
  /** Folders that it writes to. */
  readonly writes: readonly string[];
  /** Value of the variable. */
  readonly address: string;
}

/** Matched against the end of a package's name: `github.com/redis/go-redis/v9`. */
const named = (...names: readonly string[]): RegExp =>
  new RegExp(`(?:^|/)(?:${names.join('|')})(?:/v\\d+)?$`, 'i');

export const BACKING_SERVICES: readonly BackingService[] = [
  {
    title: 'PostgreSQL',
    packages: named(
      'pg',
      'postgres',
      'pgx',
      'pq',
      'psycopg',
      'psycopg2',
      'psycopg2-binary',
      'asyncpg',
      'postgresql',
      'tokio-postgres',
      'ext-pdo_pgsql',
      'ext-pgsql',
      'Npgsql',
      'Npgsql\\.EntityFrameworkCore\\.PostgreSQL',
      'quarkus-jdbc-postgresql',
    ),
    variable: 'DATABASE_URL',
  },
  {
    title: 'MySQL or MariaDB',
    packages: named(
      'mysql',
      'mysql2',
      'go-sql-driver/mysql',
      'mysqlclient',
      'PyMySQL',
      'aiomysql',
      'mysql-connector-j',
      'mysql-connector-java',
      'mariadb-java-client',
      'ext-mysqli',
      'ext-pdo_mysql',
      'Pomelo\\.EntityFrameworkCore\\.MySql',
      'quarkus-jdbc-mysql',
    ),
    variable: 'DATABASE_URL',
  },
  {
    title: 'MongoDB',
    packages: named(
      'mongodb',
      'mongoose',
      'pymongo',
      'motor',
      'mongo-driver',
      'mongodb-driver-sync',
      'spring-boot-starter-data-mongodb',
      'mongoid',
      'MongoDB\\.Driver',
      'ext-mongodb',
    ),
    variable: 'MONGODB_URI',
  },
  {
    title: 'RabbitMQ',
    packages: named(
      'amqplib',
      'amqp091-go',
      'pika',
      'aio-pika',
      'spring-boot-starter-amqp',
      'amqp-client',
      'bunny',
      'RabbitMQ\\.Client',
      'lapin',
      'php-amqplib',
    ),
    variable: 'AMQP_URL',
  },
  {
    title: 'Kafka',
    packages: named(
      'kafkajs',
      'kafka-go',
      'sarama',
      'confluent-kafka',
      'kafka-python',
      'aiokafka',
      'spring-kafka',
      'kafka-clients',
      'rdkafka',
      'Confluent\\.Kafka',
    ),
    variable: 'KAFKA_BROKERS',
  },
  {
    title: 'Redis',
    packages: named(
      'redis',
      'ioredis',
      'go-redis',
      'rueidis',
      'redigo',
      'django-redis',
      'aioredis',
      'spring-boot-starter-data-redis',
      'jedis',
      'lettuce-core',
      'sidekiq',
      'ext-redis',
      'predis',
      'StackExchange\\.Redis',
      'bullmq',
    ),
    variable: 'REDIS_URL',
    ready: {
      name: 'redis',
      image: 'docker.io/library/redis:8.4',
      port: 6379,
      user: 999,
      args: ['redis-server', '--save', '', '--appendonly', 'no'],
      writes: ['/data'],
      address: 'redis://redis:6379',
    },
  },
  {
    title: 'Memcached',
    packages: named(
      'memcached',
      'memjs',
      'gomemcache',
      'pymemcache',
      'pylibmc',
      'dalli',
      'spymemcached',
      'ext-memcached',
    ),
    variable: 'MEMCACHED_SERVERS',
    ready: {
      name: 'memcached',
      image: 'docker.io/library/memcached:1.6',
      port: 11211,
      user: 11211,
      args: ['memcached'],
      writes: [],
      address: 'memcached:11211',
    },
  },
];

/** What these dependencies talk to. */
export function backingServicesOf(dependencies: readonly string[]): readonly BackingService[] {
  return BACKING_SERVICES.filter(({ packages }) => dependencies.some(name => packages.test(name)));
}
