#!/bin/sh
# npx takes ./x.tgz and file:/abs/x.tgz for packages, and /abs/x.tgz for a program: a shell is asked to run the archive.
# https://docs.npmjs.com/cli/v11/commands/npx
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm install --silent --no-fund --no-audit npm@11.6.2
mkdir hello
printf '{"name":"hello-findings","version":"1.0.0","bin":"hello.js"}' > hello/package.json
printf '#!/usr/bin/env node\nconsole.log("hello")\n' > hello/hello.js
node_modules/.bin/npm pack ./hello --silent > /dev/null

for package in ./hello-findings-1.0.0.tgz "file:$folder/hello-findings-1.0.0.tgz" "$folder/hello-findings-1.0.0.tgz"; do
  answer=$(npm_config_cache="$folder/cache" node_modules/.bin/npx --yes "$package" 2>&1 | tail -n 1 || true)
  case $package in
    /*) expected='*Permission denied*' ;;
    *) expected=hello ;;
  esac
  echo "npx $package: $answer"
  # shellcheck disable=SC2254
  case $answer in
    $expected) ;;
    *) echo 'the behaviour has changed' >&2; exit 1 ;;
  esac
done
