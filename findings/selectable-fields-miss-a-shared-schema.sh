#!/bin/sh
# k8s.io/apiextensions-apiserver 0.37.2: whether selectable fields of a CustomResourceDefinition are taken depends on what its versions have
# in common. Before they are validated, what all versions have alike moves out of them: the schema, and by itself the selectable fields. A
# version that has selectable fields and shares its schema with another one that has none is then said to have no schema, in a sentence that
# says the opposite ("may only be set when ... is not included"); so are the same selectable fields of versions with different schemas.
# Input: a definition of two versions, with the same or different schemas, and selectable fields in the first or in both.
# Output: whether each is valid, and the first reason.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'MOD'
module finding
go 1.26
require k8s.io/apiextensions-apiserver v0.37.2
MOD
cat > main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/install"
	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	"k8s.io/apimachinery/pkg/runtime"
)

func version(name, fieldType string, selectable bool) v1.CustomResourceDefinitionVersion {
	size := v1.JSONSchemaProps{Type: fieldType}
	spec := v1.JSONSchemaProps{Type: "object", Properties: map[string]v1.JSONSchemaProps{"size": size}}
	root := &v1.JSONSchemaProps{Type: "object", Properties: map[string]v1.JSONSchemaProps{"spec": spec}}
	one := v1.CustomResourceDefinitionVersion{Name: name, Served: true, Schema: &v1.CustomResourceValidation{OpenAPIV3Schema: root}}
	if selectable {
		one.SelectableFields = []v1.SelectableField{{JSONPath: ".spec.size"}}
	}
	return one
}

func judge(scheme *runtime.Scheme, first, second v1.CustomResourceDefinitionVersion) string {
	first.Storage = true
	definition := &v1.CustomResourceDefinition{}
	definition.Name = "widgets.example.com"
	definition.Spec = v1.CustomResourceDefinitionSpec{
		Group: "example.com", Scope: v1.NamespaceScoped,
		Names:    v1.CustomResourceDefinitionNames{Plural: "widgets", Kind: "Widget"},
		Versions: []v1.CustomResourceDefinitionVersion{first, second},
	}
	scheme.Default(definition)
	definition.Status.StoredVersions = []string{first.Name}
	internal := &apiextensions.CustomResourceDefinition{}
	if err := scheme.Convert(definition, internal, nil); err != nil {
		panic(err)
	}
	for _, problem := range validation.ValidateCustomResourceDefinition(context.Background(), internal) {
		return problem.Field + ": " + problem.Detail
	}
	return "valid"
}

func main() {
	scheme := runtime.NewScheme()
	install.Install(scheme)
	found := []string{
		"same schema, first version: " + judge(scheme, version("v1", "string", true), version("v2", "string", false)),
		"same schema, both: " + judge(scheme, version("v1", "string", true), version("v2", "string", true)),
		"different schemas, first version: " + judge(scheme, version("v1", "string", true), version("v2", "integer", false)),
		"different schemas, both: " + judge(scheme, version("v1", "string", true), version("v2", "integer", true)),
	}
	text := strings.Join(found, "\n")
	fmt.Println(text)
	if text != os.Args[1] {
		fmt.Fprintln(os.Stderr, "this changed: compare with the first lines of this script")
		os.Exit(1)
	}
}
GO
go mod tidy 2>/dev/null
echo "k8s.io/apiextensions-apiserver $(go list -m -f '{{.Version}}' k8s.io/apiextensions-apiserver):"
go run . 'same schema, first version: spec.versions[0].selectableFields: may only be set when `version.schema.openAPIV3Schema` is not included
same schema, both: valid
different schemas, first version: valid
different schemas, both: spec.selectableFields: may only be set when validations.schema is included'
