#!/bin/sh
# Moves the tag of a major version, such as v1, to a release: `move-major-version.sh v1.2.3`. Workflows of other repositories run what
# it points to, so the release must be a commit of main on which CI passed, and the tag is read back afterwards.
# Needs gh with a token (contents: write, actions: read), and GITHUB_REPOSITORY.
set -eu

fail() {
  echo "::error::$1"
  exit 1
}

release=$1
major=${release%%.*}
repository="repos/$GITHUB_REPOSITORY"

commit_of() {
  gh api "$repository/commits/$1" --jq .sha
}

commit=$(commit_of "refs/tags/$release")
relation=$(gh api "$repository/compare/main...$commit" --jq .status)
case $relation in
  identical | behind) ;;
  *) fail "$release ($commit) is not a commit of main; tag a commit that was merged." ;;
esac
for workflow in ci.yml check-dist.yml; do
  passed=$(gh api "$repository/actions/workflows/$workflow/runs?head_sha=$commit&branch=main&event=push&status=success" --jq .total_count)
  [ "$passed" -gt 0 ] || fail "$workflow has not passed on $commit of main; wait for it, or fix main and release again."
done

if gh api "$repository/git/ref/tags/$major" > /dev/null 2>&1; then
  gh api --method PATCH "$repository/git/refs/tags/$major" -f "sha=$commit" -F force=true > /dev/null
else
  gh api --method POST "$repository/git/refs" -f "ref=refs/tags/$major" -f "sha=$commit" > /dev/null
fi
moved=$(commit_of "refs/tags/$major")
[ "$moved" = "$commit" ] || fail "$major is at $moved and not at $commit of $release; see who moved it."
echo "$major is at $commit, as $release is."
