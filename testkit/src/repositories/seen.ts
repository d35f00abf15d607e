import type { TestRepository } from './repository.ts';
import { VITE } from './vite.ts';

/**
 * The repositories that `init` is written for, chosen before it was. Generators are pinned; what their lock files name is as of the day
 * on which the repository is made, as it is for everyone who runs the generator.
 */
export const REPOSITORIES: readonly TestRepository[] = [
  {
    name: 'express-npm',
    what: 'Express, npm',
    origin: 'generator',
    make: `from_npm express-generator@4.16.1 express --no-view --git .
npm install --package-lock-only`,
  },
  {
    name: 'next-pnpm',
    what: 'Next.js, pnpm',
    origin: 'generator',
    make: `from_npm create-next-app@16.4.3 create-next-app shop --ts --no-tailwind --eslint --app --no-src-dir --import-alias '@/*' --use-pnpm --skip-install --disable-git --yes
mv shop/* shop/.[a-z]* .
rmdir shop
from_npm pnpm@10.30.0 pnpm install --lockfile-only --ignore-scripts`,
  },
  {
    name: 'nest-yarn',
    what: 'Nest, yarn',
    origin: 'generator',
    make: `from_npm @nestjs/cli@11.0.10 nest new shop --directory . --package-manager yarn --skip-install --skip-git
from_npm yarn@1.22.22 yarn install --ignore-scripts --non-interactive --network-timeout 600000
rm -rf node_modules`,
  },
  {
    name: 'vite-static',
    what: 'Vite with React, a static site, npm',
    origin: 'generator',
    make: `from_npm create-vite@9.3.0 create-vite . --template react-ts --no-interactive
npm install --package-lock-only --save-dev ${VITE}`,
  },
  {
    name: 'npm-workspaces',
    what: 'npm workspaces: a Fastify service and a Vite site',
    origin: 'generator, put together',
    make: `npm init -y
npm pkg set name=shop
npm pkg set private=true --json
npm pkg set 'workspaces[0]=apps/*'
mkdir apps
(cd apps && from_npm fastify-cli@8.0.2 fastify generate api --lang=ts)
(cd apps && from_npm create-vite@9.3.0 create-vite web --template vanilla-ts --no-interactive)
npm install --package-lock-only --workspace apps/web --save-dev ${VITE}`,
  },
  {
    name: 'static-site',
    what: 'plain HTML: HTML5 Boilerplate',
    origin: 'package',
    make: `npm pack --silent html5-boilerplate@9.0.1 --pack-destination "$TOOLS"
tar -xzf "$TOOLS"/html5-boilerplate-9.0.1.tgz -C . --strip-components=2 package/dist
rm -f package.json package-lock.json webpack.*`,
  },
  {
    name: 'django-pip',
    what: 'Django, pip',
    origin: 'generator',
    make: `from_pypi Django==5.2.19 django-admin startproject shop .
printf 'Django==5.2.19\\n' > requirements.txt`,
  },
  {
    name: 'flask-tutorial',
    what: "Flask's own tutorial, pip with pyproject.toml",
    origin: 'package',
    make: `python3 -m pip download -q --no-deps --no-binary :all: -d "$TOOLS" flask==3.1.3
tar -xzf "$TOOLS"/flask-3.1.3.tar.gz -C . --strip-components=3 flask-3.1.3/examples/tutorial`,
  },
  {
    name: 'poetry-fastapi',
    what: 'FastAPI, Poetry',
    origin: 'generator, put together',
    make: `from_pypi poetry==2.5.1 poetry new shop --no-interaction
mv shop/* .
rmdir shop
cp "$FILES"/main.py src/shop/main.py
from_pypi poetry==2.5.1 poetry source add --priority primary simple https://pypi.org/simple/
from_pypi poetry==2.5.1 poetry add --lock fastapi uvicorn psycopg`,
  },
  {
    name: 'uv-fastapi',
    what: 'FastAPI, uv',
    origin: 'generator',
    make: `from_pypi 'fastapi-new==0.0.7 uv==0.13.9' fastapi-new shop
rm -rf shop/.venv
mv shop/* .
rm -rf shop`,
  },
  {
    name: 'go-httpbin',
    what: 'Go: go-httpbin without its own Dockerfile',
    origin: 'package',
    make: `cp -R "$(go mod download -json github.com/mccutchen/go-httpbin/v2@v2.18.3 | sed -n 's/.*"Dir": "\\(.*\\)".*/\\1/p')"/. .
chmod -R u+w .
rm -rf Dockerfile kustomize .github`,
  },
  {
    name: 'spring-maven',
    what: 'Spring Boot with Camel, Maven',
    origin: 'generator',
    make: `mvn -q -B org.apache.maven.plugins:maven-archetype-plugin:3.4.0:generate -DarchetypeGroupId=org.apache.camel.archetypes -DarchetypeArtifactId=camel-archetype-spring-boot -DarchetypeVersion=4.14.0 -DgroupId=org.acme -DartifactId=shop -Dversion=1.0.0 -Dpackage=org.acme
mv shop/* .
rmdir shop`,
  },
  {
    name: 'jhipster-gradle',
    what: 'Spring Boot of JHipster with PostgreSQL, Gradle',
    origin: 'generator',
    make: `from_npm generator-jhipster@9.4.0 jhipster app --defaults --skip-client --skip-install --skip-git --build gradle --force`,
  },
  {
    name: 'rails',
    what: "Rails with PostgreSQL, from Debian's packages",
    origin: 'generator',
    make: `mmdebstrap --quiet --variant=minbase --include=rails,ca-certificates trixie "$TOOLS"/root http://deb.debian.org/debian
chroot "$TOOLS"/root sh -c 'cd /srv && HOME=/root rails new shop --skip-bundle --skip-git --skip-docker --database=postgresql'
mv "$TOOLS"/root/srv/shop/* "$TOOLS"/root/srv/shop/.[a-z]* .`,
  },
  {
    name: 'php-plain',
    what: 'PHP with composer.json',
    origin: 'ours',
    make: `cp -R "$FILES"/. .`,
  },
  {
    name: 'dotnet-web',
    what: 'ASP.NET Core, as `dotnet new web` writes it',
    origin: 'ours',
    make: `cp -R "$FILES"/. .`,
  },
  {
    name: 'rust-axum',
    what: 'Rust: cargo and axum',
    origin: 'generator, put together',
    make: `cargo init --quiet --vcs none --name shop .
cargo add --quiet axum@0.8
cargo add --quiet tokio@1 --features full
cp "$FILES"/main.rs src/main.rs
cargo generate-lockfile --quiet`,
  },
  {
    name: 'k8s-folder',
    what: 'k8s/ with 17 objects, and two Dockerfiles',
    origin: 'ours',
    make: `cp -R "$FILES"/. .`,
  },
  {
    name: 'kustomize',
    what: 'Kustomize: a base and two overlays',
    origin: 'ours',
    make: `cp -R "$FILES"/. .`,
  },
  {
    name: 'helm-chart',
    what: 'the chart that `helm create` writes, and a Dockerfile',
    origin: 'generator, put together',
    tools: ['helm'],
    make: `mkdir charts
helm create charts/shop
cp "$FILES"/* .`,
  },
  {
    name: 'compose',
    what: 'compose.yaml with PostgreSQL and Redis, Express, .env',
    origin: 'generator, put together',
    make: `from_npm express-generator@4.16.1 express --no-view --git .
npm pkg set dependencies.pg=^8.16.0 dependencies.ioredis=^5.8.0
npm install --package-lock-only
cp -R "$FILES"/. .`,
  },
  {
    name: 'monorepo',
    what: 'a monorepo: Go, Flask and Express in folders of their own',
    origin: 'generator, put together',
    make: `mkdir -p services/orders services/mail
(cd services/orders && from_npm express-generator@4.16.1 express --no-view . && npm install --package-lock-only)
cp -R "$FILES"/. .
(cd services/mail && python3 -m pip download -q --no-deps --no-binary :all: -d "$TOOLS" flask==3.1.3 && tar -xzf "$TOOLS"/flask-3.1.3.tar.gz -C . --strip-components=3 flask-3.1.3/examples/tutorial)`,
  },
  {
    name: 'mess',
    what: 'a mess: two lock files, broken and templated files, hostile names, links that lead out, literal secrets',
    origin: 'ours',
    make: `cp -R "$FILES"/. .
ln -s /etc outside
ln -s ../../../../etc/passwd k8s/passwd.yaml
ln -s . around
mkdir -p 'services/Zu viel & mehr' services/api/node_modules/left-pad
cp services/api/package.json 'services/Zu viel & mehr/package.json'
cp services/api/package.json services/api/node_modules/left-pad/package.json
printf '{"name":' > services/api/broken.json
printf '\\377\\376\\000' > k8s/binary.yaml
printf 'a' > "k8s/$(touch pwned).yaml"`,
  },
];
