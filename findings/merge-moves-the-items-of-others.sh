#!/bin/sh
# sigs.k8s.io/structured-merge-diff 6.3.3, which merges an applied object into the live one for server-side apply: when two items
# of an applied list are swapped, an item between them that someone else owns moves to the front of the list.
# Input: a live list of a, theirs and b, with which several lists that do not name "theirs" are merged. Output: it stays where it is for
# [a, b], and it is the first item for [b, a] and for [new, b, a].
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'MOD'
module finding
go 1.25
require sigs.k8s.io/structured-merge-diff/v6 v6.3.3
MOD
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"

	"sigs.k8s.io/structured-merge-diff/v6/typed"
)

const schema = `types:
- name: object
  map:
    fields:
    - name: names
      type:
        list:
          elementType:
            scalar: string
          elementRelationship: associative
`

var expected = map[string]string{
	"[a, b]":      "map[names:[a theirs b]]",
	"[new, a, b]": "map[names:[new a theirs b]]",
	"[b, a]":      "map[names:[theirs b a]]",
	"[new, b, a]": "map[names:[theirs new b a]]",
}

func main() {
	parser, err := typed.NewParser(schema)
	check(err)
	read := func(list string) *typed.TypedValue {
		value, err := parser.Type("object").FromYAML(typed.YAMLObject("names: " + list))
		check(err)
		return value
	}
	for applied, want := range expected {
		merged, err := read("[a, theirs, b]").Merge(read(applied))
		check(err)
		got := fmt.Sprint(merged.AsValue().Unstructured())
		fmt.Println(applied, "gives", got)
		if got != want {
			check(fmt.Errorf("this changed: compare with the first lines of this script"))
		}
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
GO
go mod tidy 2>/dev/null
go run .
