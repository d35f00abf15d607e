# Sourced by demo.sh and test.sh: installs the project's dependencies, Node 24 among them, unless they are there already.
if ! command -v npm >/dev/null 2>&1; then
  echo "npm is not on the PATH; install Node.js with npm (any version from 20 on: the project brings its own Node 24)." >&2
  exit 1
fi
stamp=node_modules/.slipway-installed
if ! cmp -s package-lock.json "$stamp"; then
  echo "Installing the project's dependencies …"
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json "$stamp"
fi
PATH="$PWD/node_modules/.bin:$PATH"
export PATH
