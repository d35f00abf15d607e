import type { RepositoryFiles } from '../../../look/repository-files.ts';
import { instruction, runWithCache } from '../../dockerfile/lines.ts';
import { nearest, textOf } from '../../facts/searching.ts';
import { type JavaBuild, jdkFor } from './java-build.ts';

/** Undefined for a library. */
export async function gradle(files: RepositoryFiles): Promise<JavaBuild | undefined> {
  const scripts = nearest(
    files,
    /(?:^|\/)(?:build\.gradle(?:\.kts)?|[\w.-]+\.gradle(?:\.kts)?|libs\.versions\.toml)$/,
  ).slice(0, 20);
  const text = (await Promise.all(scripts.map(path => textOf(files, path))))
    .join('\n')
    .replaceAll(/^\s*\/\/.*$/gm, '');
  const isSpring = /org\.springframework\.boot['")]/.test(text);
  const isQuarkus = /['"(]io\.quarkus['")]/.test(text);
  if (
    !isSpring &&
    !isQuarkus &&
    !/\bid\s*[(\s]['"]application['"]|plugin:\s*['"]application['"]|^\s*application\s*$|shadow['")]/m.test(
      text,
    )
  )
    return undefined;
  const dependencies = [...text.matchAll(/['"][\w.-]+:([\w.-]+)(?::[^'"]*)?['"]/g)].map(
    ([, name = '']) => name,
  );
  const runtime = jdkFor(javaVersion(text), dependencies);
  const hasWrapper = files.has('gradlew') && files.has('gradle/wrapper/gradle-wrapper.properties');
  const program = hasWrapper ? 'sh ./gradlew' : 'gradle';
  const task = isSpring ? 'bootJar' : isQuarkus ? 'quarkusBuild' : 'installDist';
  return {
    manager: 'gradle',
    ...(files.has('gradle.lockfile') && { lock: 'gradle.lockfile' }),
    runtime,
    dependencies: [...dependencies, ...(isSpring ? ['spring-boot'] : [])],
    lines: [
      ...instruction(
        runtime,
        version =>
          `FROM ${hasWrapper ? `eclipse-temurin:${version}-jdk` : `gradle:8-jdk${version}`} AS build`,
      ),
      'WORKDIR /src',
      'COPY . .',
      runWithCache([hasWrapper ? '/root/.gradle' : '/home/gradle/.gradle'], `${program} --no-daemon ${task}`),
      ...copied(task),
    ],
    jar: isQuarkus ? 'quarkus-run.jar' : 'app.jar',
    ignored: ['**/.gradle', 'build'],
  };
}

function copied(task: string): readonly string[] {
  if (task === 'quarkusBuild') return ['RUN mv build/quarkus-app /app'];
  if (task === 'bootJar') return ['RUN mkdir /app && cp build/libs/*.jar /app/app.jar'];
  return [
    '# guess: installDist writes the archives of the program and of what it depends on',
    'RUN mv build/install/*/lib /app && cp "$(ls -S build/libs/*.jar | head -n 1)" /app/app.jar',
  ];
}

function javaVersion(text: string): string | undefined {
  return /JavaLanguageVersion\.of\((\d+)\)|JavaVersion\.VERSION_(\d+)|(?:source|target)Compatibility\s*=\s*['"]?(\d+)|specification\.version"\]\s*==\s*"(\d+)"/
    .exec(text)
    ?.slice(1)
    .find(one => one !== undefined);
}
