/** nginx with the settings of the image that runs without root: it writes into /tmp. https://github.com/nginx/docker-nginx-unprivileged */
export const nginxLines = (port: number): readonly string[] => [
  'COPY <<"END" /etc/nginx/nginx.conf',
  'pid /tmp/nginx.pid;',
  'error_log /dev/stderr;',
  'events {}',
  'http {',
  '  include /etc/nginx/mime.types;',
  '  access_log /dev/stdout;',
  ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `  ${name}_temp_path /tmp/${name};`),
  '  include /etc/nginx/conf.d/*.conf;',
  '}',
  'END',
  'COPY <<"END" /etc/nginx/conf.d/default.conf',
  'server {',
  `  listen ${port};`,
  '  root /usr/share/nginx/html;',
  '}',
  'END',
  'RUN mkdir -p /usr/share/nginx/html && useradd --system --uid 101 --user-group nginx',
  'CMD ["nginx", "-g", "daemon off;"]',
];

const APACHE =
  'apt-get install -qy --no-install-recommends apache2 libapache2-mod-php php-mbstring php-xml php-curl';

/** Apache with PHP as the official image has it: https://github.com/docker-library/php/tree/master/8.3/trixie/apache */
export const PHP_LINES: readonly string[] = [
  `RUN apt-get update -q && ${APACHE} && rm -rf /var/lib/apt/lists/* /var/www/html/*`,
  "RUN sed -ri 's/^export ([^=]+)=(.*)$/: ${\\1:=\\2}\\nexport \\1/' /etc/apache2/envvars \\",
  '    && mkdir -p /var/run/apache2/socks /var/lock/apache2 && chmod 1777 /var/run/apache2 /var/run/apache2/socks /var/lock/apache2 /var/log/apache2 \\',
  '    && ln -sfT /dev/stderr /var/log/apache2/error.log && ln -sfT /dev/stdout /var/log/apache2/access.log \\',
  '    && ln -sfT /dev/stdout /var/log/apache2/other_vhosts_access.log',
  'COPY --chmod=755 <<"END" /usr/local/bin/apache2-foreground',
  '#!/bin/sh',
  'set -e',
  '. /etc/apache2/envvars',
  'mkdir -p "$APACHE_RUN_DIR" "$APACHE_LOCK_DIR" "$APACHE_RUN_DIR/socks"',
  'rm -f "$APACHE_PID_FILE"',
  'exec apache2 -DFOREGROUND "$@"',
  'END',
  'WORKDIR /var/www/html',
  'EXPOSE 80',
  'CMD ["apache2-foreground"]',
];

/** The number that the official image's user has, before Debian's package chooses one: https://github.com/docker-library/postgres */
export const POSTGRES_USER =
  'RUN groupadd --system --gid 999 postgres && useradd --system --uid 999 --gid postgres --home-dir /var/lib/postgresql postgres';

/** A database whose password is that of POSTGRES_PASSWORD, as in the official image: https://hub.docker.com/_/postgres */
export const POSTGRES_LINES: readonly string[] = [
  'ENV PATH=/usr/lib/postgresql/17/bin:$PATH PGDATA=/var/lib/postgresql/data',
  'COPY --chmod=755 <<"END" /usr/local/bin/docker-entrypoint.sh',
  '#!/bin/sh',
  'set -e',
  'if [ "$(id -u)" = 0 ]; then',
  '  install -d -o postgres -g postgres -m 700 "$PGDATA"',
  '  exec setpriv --reuid=postgres --regid=postgres --clear-groups "$0" "$@"',
  'fi',
  'if [ ! -s "$PGDATA/PG_VERSION" ]; then',
  '  printf %s "$POSTGRES_PASSWORD" > /tmp/password',
  '  initdb --username="${POSTGRES_USER:-postgres}" --pwfile=/tmp/password --auth-host=scram-sha-256 >&2',
  '  rm /tmp/password',
  '  [ "${POSTGRES_DB:=${POSTGRES_USER:-postgres}}" = postgres ] \\',
  '    || echo "CREATE DATABASE \\"$POSTGRES_DB\\"" | postgres --single postgres >&2',
  '  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"',
  'fi',
  'exec "$@"',
  'END',
  'ENTRYPOINT ["docker-entrypoint.sh"]',
  'CMD ["postgres", "-c", "listen_addresses=*", "-c", "unix_socket_directories=/tmp"]',
];
