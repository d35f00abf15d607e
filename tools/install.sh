# Sourced by the commands that have to work from a clean clone: installs what package-lock.json names.
if ! command -v npm >/dev/null; then
  echo "npm is missing: install Node.js 20 or newer, which brings it" >&2
  exit 1
fi
if [ ! -e node_modules/.package-lock.json ]; then
  echo "Installing what package-lock.json names"
  npm ci --no-audit --no-fund --loglevel=error || exit 1
elif [ package-lock.json -nt node_modules/.package-lock.json ]; then
  # After a pull. Unlike `npm ci` this keeps what is there, which a running test or editor may be using.
  npm install --no-audit --no-fund --loglevel=error || exit 1
fi
