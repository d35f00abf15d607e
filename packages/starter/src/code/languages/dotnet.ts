import { dockerfile, ending, execForm, instruction, runWithCache } from '../dockerfile/lines.ts';
import { guessed, known } from '../facts/known.ts';
import type { Language } from '../facts/language.ts';
import { textOf } from '../facts/searching.ts';

/** The user that Microsoft's images have since .NET 8, and the port that they set: https://learn.microsoft.com/dotnet/core/compatibility/containers/8.0/aspnet-port */
const USER = 1654;
const PORT = 8080;

export const DOTNET: Language = {
  markers: /^[^/]+\.(?:cs|fs|vb)proj$/,
  knownBy: 'the Sdk Microsoft.NET.Sdk.Web, or by the OutputType Exe',
  async isLibrary(files) {
    const project = files.paths.find(path => DOTNET.markers.test(path)) ?? '';
    const text = await textOf(files, project);
    return /<Project[\s>]/.test(text) && text.includes('</Project>');
  },
  async recognise(files) {
    const [project = '', ...others] = files.paths.filter(path => DOTNET.markers.test(path));
    const text = await textOf(files, project);
    const isWeb = /Sdk="Microsoft\.NET\.Sdk\.Web"/.test(text);
    if (!isWeb && !/<OutputType>\s*Exe/i.test(text)) return undefined;
    const [, declared] = /<TargetFrameworks?>\s*net(\d+\.\d+)/.exec(text) ?? [];
    const runtime =
      declared === undefined ? guessed('10.0', `${project} names no framework`) : known(declared);
    const name = /<AssemblyName>\s*([\w.-]+)/.exec(text)?.[1] ?? project.replace(/\.\w+proj$/, '');
    const isLocked = files.has('packages.lock.json');
    const port = isWeb ? known(PORT) : undefined;
    const start =
      others.length === 0
        ? known(['dotnet', `${name}.dll`])
        : guessed(['dotnet', `${name}.dll`], 'the folder has several projects');
    const facts = {
      language: 'dotnet',
      ...(isWeb && { framework: 'ASP.NET Core' }),
      manager: 'nuget',
      ...(isLocked && { lock: 'packages.lock.json' }),
      runtime,
      build: [],
      start,
      ...(port && { port }),
      dependencies: [...text.matchAll(/<PackageReference\s+Include="([^"]+)"/g)].map(([, one = '']) => one),
    } as const;
    const packages = ['/root/.nuget/packages'];
    const image = isWeb ? 'aspnet' : 'runtime';
    const quoted = execForm([project]).slice(1, -1);
    const written = dockerfile(
      [
        ...instruction(runtime, tag => `FROM mcr.microsoft.com/dotnet/sdk:${tag} AS build`),
        'WORKDIR /src',
        `COPY ${execForm([project, ...(isLocked ? ['packages.lock.json'] : []), './'])}`,
        runWithCache(packages, `dotnet restore ${quoted}${isLocked ? ' --locked-mode' : ''}`),
        'COPY . .',
        runWithCache(
          packages,
          `dotnet publish ${quoted} --no-restore --configuration Release --output /out -p:UseAppHost=false`,
        ),
      ],
      [
        `FROM mcr.microsoft.com/dotnet/${image}:${runtime.value}`,
        'WORKDIR /app',
        'COPY --from=build /out ./',
        ...ending(USER, port, start),
      ],
    );
    return {
      facts,
      dockerfile: written,
      user: USER,
      writes: ['/tmp'],
      ignored: ['**/bin', '**/obj'],
      secrets: [],
      memory: [128, 256],
    };
  },
};
