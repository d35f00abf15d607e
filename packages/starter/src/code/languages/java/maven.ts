import type { RepositoryFiles } from '../../../look/repository-files.ts';
import { instruction, runWithCache } from '../../dockerfile/lines.ts';
import { guessed, type Known, known } from '../../facts/known.ts';
import { textOf } from '../../facts/searching.ts';
import { type JavaBuild, jdkFor } from './java-build.ts';

/** Undefined for a project that is only a parent of others, or makes a library's archive for a server. */
export async function maven(files: RepositoryFiles): Promise<JavaBuild | undefined> {
  const pom = (await textOf(files, 'pom.xml')).replaceAll(/<!--[\s\S]*?-->/g, '');
  const own = pom.replaceAll(
    /<(parent|dependencies|dependencyManagement|build|profiles)>[\s\S]*?<\/\1>/g,
    '',
  );
  const packaging = tag(own, 'packaging') ?? 'jar';
  if (packaging !== 'jar') return undefined;
  const dependencies = [...pom.matchAll(/<dependency>[\s\S]*?<artifactId>([\w.-]+)<\/artifactId>/g)].map(
    ([, name = '']) => name,
  );
  const plugins = [...pom.matchAll(/<plugin>[\s\S]*?<artifactId>([\w.-]+)<\/artifactId>/g)].map(
    ([, name = '']) => name,
  );
  const isQuarkus = plugins.includes('quarkus-maven-plugin');
  const runtime = jdkFor(javaVersion(pom), dependencies);
  const archive = archiveName(pom, own);
  const isWhole =
    isQuarkus ||
    plugins.some(name =>
      /^(?:spring-boot-maven-plugin|maven-shade-plugin|maven-assembly-plugin)$/.test(name),
    );
  return {
    manager: 'maven',
    runtime,
    dependencies: [...dependencies, ...plugins.filter(name => name.startsWith('quarkus'))],
    lines: [
      ...instruction(runtime, version => `FROM maven:3.9-eclipse-temurin-${version} AS build`),
      'WORKDIR /src',
      'COPY . .',
      runWithCache(['/root/.m2'], 'mvn --batch-mode --no-transfer-progress -DskipTests package'),
      ...(isQuarkus
        ? ['RUN mv target/quarkus-app /app']
        : instruction(
            isWhole
              ? archive
              : guessed(archive.value, 'no plugin packs what the program depends on into one file'),
            path => `RUN mkdir /app && cp ${path} /app/app.jar`,
          )),
    ],
    jar: isQuarkus ? 'quarkus-run.jar' : 'app.jar',
    ignored: ['target'],
  };
}

function tag(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>\\s*([^<]*?)\\s*</${name}>`).exec(xml)?.[1];
}

function javaVersion(pom: string): string | undefined {
  const names = [
    'maven.compiler.release',
    'java.version',
    'release',
    'maven.compiler.target',
    'maven.compiler.source',
  ];
  return names
    .map(name => /^(?:1\.)?(\d+)$/.exec(tag(pom, name.replaceAll('.', '\\.')) ?? '')?.[1])
    .find(one => one !== undefined);
}

/** target/shop-1.0.0.jar, or a pattern where the version is an expression or a parent's. */
function archiveName(pom: string, own: string): Known<string> {
  const final = tag(pom, 'finalName');
  if (final !== undefined && /^[\w.-]+$/.test(final)) return known(`target/${final}.jar`);
  const [name, version] = [tag(own, 'artifactId'), tag(own, 'version')];
  if (name !== undefined && version !== undefined && /^[\w.-]+$/.test(name + version))
    return known(`target/${name}-${version}.jar`);
  return guessed('target/*.jar', 'the name of the archive is computed, and it must be the only one');
}
