import type { RepositoryFiles } from '../../../look/repository-files.ts';
import { dockerfile, ending } from '../../dockerfile/lines.ts';
import { guessed, type Known, known } from '../../facts/known.ts';
import type { Language } from '../../facts/language.ts';
import type { ProgramFacts } from '../../facts/program-facts.ts';
import { findText, textOf } from '../../facts/searching.ts';
import { gradle } from './gradle.ts';
import { maven } from './maven.ts';

const USER = 65532;

export const JAVA: Language = {
  markers: /^(?:pom\.xml|build\.gradle(?:\.kts)?)$/,
  knownBy:
    'the packaging jar of Maven, or by a plugin of Gradle that makes a program: application, shadow, Spring Boot or Quarkus',
  isLibrary: async files =>
    /<modules>|<packaging>\s*(?:pom|war|ear)\b/.test(await textOf(files, 'pom.xml')) ||
    /\bid\s*[(\s]['"]java-library['"]|`java-library`/.test(
      (await textOf(files, 'build.gradle')) + (await textOf(files, 'build.gradle.kts')),
    ),
  async recognise(files) {
    const build = files.has('pom.xml') ? await maven(files) : await gradle(files);
    if (build === undefined) return undefined;
    const { manager, lock, runtime, dependencies, jar } = build;
    const framework = frameworkOf(dependencies);
    const port = await listeningPort(files, framework);
    const health = await healthPath(files, dependencies);
    const start = known(['java', '-XX:MaxRAMPercentage=75', '-jar', `/app/${jar}`]);
    const facts: ProgramFacts = {
      language: 'java',
      ...(framework !== undefined && { framework }),
      manager,
      ...(lock !== undefined && { lock }),
      runtime,
      build: [],
      start,
      ...(port && { port }),
      ...(health && { health }),
      dependencies,
    };
    const running = [
      `FROM eclipse-temurin:${runtime.value}-jre`,
      'WORKDIR /app',
      'COPY --from=build /app ./',
      ...ending(USER, port, start),
    ];
    return {
      facts,
      dockerfile: dockerfile(build.lines, running),
      user: USER,
      writes: ['/tmp'],
      ignored: build.ignored,
      secrets: [],
      memory: [384, 768],
    };
  },
};

function frameworkOf(dependencies: readonly string[]): string | undefined {
  const has = (start: string): boolean => dependencies.some(name => name.startsWith(start));
  if (has('quarkus')) return 'Quarkus';
  if (has('spring-boot')) return 'Spring Boot';
  if (has('micronaut')) return 'Micronaut';
  if (has('helidon')) return 'Helidon';
  return has('dropwizard') ? 'Dropwizard' : undefined;
}

const SETTINGS = /(?:^|\/)src\/main\/resources\/(?:config\/)?application(?:-prod)?\.(?:properties|ya?ml)$/;

/** What the settings say, else the framework's own port. */
async function listeningPort(
  files: RepositoryFiles,
  framework: string | undefined,
): Promise<Known<number> | undefined> {
  const written =
    /^(?:server|quarkus\.http|micronaut\.server)\.port\s*[=:]\s*(?:\$\{\w+:)?(\d+)|^server:\s*\n(?:[ \t]+.*\n|\s*\n)*?[ ]{2,4}port:\s*(?:\$\{\w+:)?(\d+)/m;
  const found = await findText(files, SETTINGS, written);
  const digits = found?.match.slice(1).find(one => one !== undefined);
  if (digits !== undefined) return known(Number(digits));
  if (framework === 'Helidon') return guessed(8080, 'no port was found in the settings');
  return framework === undefined ? undefined : known(8080);
}

/** Spring's actuator, SmallRye's health: https://docs.spring.io/spring-boot/reference/actuator/endpoints.html */
async function healthPath(
  files: RepositoryFiles,
  dependencies: readonly string[],
): Promise<Known<string> | undefined> {
  if (dependencies.includes('quarkus-smallrye-health')) return known('/q/health/ready');
  if (!dependencies.includes('spring-boot-starter-actuator')) return undefined;
  const found = await findText(
    files,
    SETTINGS,
    /^management\.endpoints\.web\.base-path\s*[=:]\s*(\S+)|^\s+base-path:\s*(\/\S+)/m,
  );
  const base = found?.match.slice(1).find(one => one !== undefined) ?? '/actuator';
  return known(`${(await textOf(files, found?.path ?? '')) === '' ? '/actuator' : base}/health`);
}
