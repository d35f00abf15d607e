#!/bin/sh
# github.com/getsops/sops/v3 3.13.3: `sops decrypt --extract` counts the comments in a list of a YAML file as items of it, so that the
# path of a value is another one than in the decrypted file. No error: it prints the comment.
# Input: a list of two values, each with a comment before it. Output: ["list"][0] is the first comment and ["list"][1] the first value,
# while the file that the same sops decrypts to JSON has the first value at 0.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
GOBIN=$folder go install github.com/getsops/sops/v3/cmd/sops@v3.13.3 2>/dev/null
GOBIN=$folder go install filippo.io/age/cmd/age-keygen@v1.3.1 2>/dev/null
./age-keygen -o key.txt 2>/dev/null
export SOPS_AGE_KEY_FILE="$folder/key.txt"
recipient=$(sed -n 's/^# public key: //p' key.txt)
printf 'list:\n    # of the shop\n    - one\n    # of the office\n    - two\n' > plain.yaml
./sops --config /dev/null encrypt --age "$recipient" plain.yaml > list.yaml
first=$(./sops --config /dev/null decrypt --extract '["list"][0]' list.yaml)
second=$(./sops --config /dev/null decrypt --extract '["list"][1]' list.yaml)
json=$(./sops --config /dev/null decrypt --output-type json list.yaml | tr -d '\n\t ')
printf '["list"][0]: %s\n["list"][1]: %s\ndecrypted:   %s\n' "$first" "$second" "$json"
case $first in *'of the shop'*) ;; *) echo 'this changed' >&2; exit 1 ;; esac
[ "$second" = one ] && [ "$json" = '{"list":["one","two"]}' ] || { echo 'this changed' >&2; exit 1; }
