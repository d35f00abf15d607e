#!/bin/sh
# Writes the workflows that other repositories call in a form that older runners and GitHub Enterprise Server know too:
# `pin-workflows.sh OWNER/REPOSITORY COMMIT FOLDER`. What `$/` takes from this repository is named by the commit, and steps that an anchor
# repeats are written out. The release of that commit carries the result.
set -eu

repository=$1 commit=$2 folder=$3
case $commit in
  *[!0-9a-f]* | '') echo "\"$commit\" is not the id of a commit" >&2 && exit 1 ;;
esac
test "${#commit}" -eq 40 || { echo "\"$commit\" is not a whole id of a commit" >&2 && exit 1; }

workflows=$(dirname "$0")/../../.github/workflows
mkdir -p "$folder"
for name in pipeline.yml promote.yml; do
  awk -v own="$repository" -v commit="$commit" '
    # The lines of the anchor end where another job begins.
    /^  [^ ]/ { inside = 0 }
    / steps: &[a-z]+$/ { inside = 1; lines = ""; sub(/ &[a-z]+$/, ""); print; next }
    / steps: \*[a-z]+$/ { sub(/ \*[a-z]+$/, ""); print; printf "%s", lines; next }
    /uses: \$\// { sub(/\$\//, own "/"); sub(/$/, "@" commit) }
    inside { lines = lines $0 "\n" }
    { print }
  ' "$workflows/$name" > "$folder/$name"
  if grep -nE 'uses: *"?\$/|: [&*][a-z]' "$folder/$name"; then
    echo "$name has lines that this does not know how to write" >&2
    exit 1
  fi
done
