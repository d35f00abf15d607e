// Command server-side-apply plays what managers do to an object with the API server's own field manager
// (k8s.io/apimachinery/pkg/util/managedfields around sigs.k8s.io/structured-merge-diff), without defaults and admission. It reads
// OpenAPI v3 documents of an API server from the files that it is given, then a history per line, and writes a line of states each.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/apimachinery/pkg/util/managedfields/managedfieldstest"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

type object = map[string]any

// A step of a history. Values that no one owns, such as defaults, are put in by a step without a manager.
type step struct {
	Manager string `json:"manager"`
	// Apply is applied as a whole, Update is merged into the live object (RFC 7386) and written by an update.
	Apply  object `json:"apply"`
	Update object `json:"update"`
	Force  bool   `json:"force"`
}

// A state is the object after a step; a refused step leaves the one before.
type state struct {
	Object  object `json:"object"`
	Refused string `json:"refused,omitempty"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(documents []string) error {
	schemas := map[string]*spec.Schema{}
	for _, name := range documents {
		if err := readSchemas(name, schemas); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	converter, err := managedfields.NewTypeConverter(schemas, false)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	output := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var history []step
		if err := json.Unmarshal(lines.Bytes(), &history); err != nil {
			return err
		}
		if err := output.Encode(play(converter, history)); err != nil {
			return err
		}
	}
	return lines.Err()
}

func readSchemas(name string, schemas map[string]*spec.Schema) error {
	content, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var document struct {
		Components struct {
			Schemas map[string]*spec.Schema `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(content, &document); err != nil {
		return err
	}
	for key, value := range document.Components.Schemas {
		schemas[key] = value
	}
	return nil
}

func play(converter managedfields.TypeConverter, history []step) []state {
	group, _ := schema.ParseGroupVersion(fmt.Sprint(history[0].Apply["apiVersion"]))
	kind := group.WithKind(fmt.Sprint(history[0].Apply["kind"]))
	manager := managedfieldstest.NewFakeFieldManager(converter, kind)
	live := &unstructured.Unstructured{Object: object{"apiVersion": group.String(), "kind": kind.Kind}}
	var states []state
	for _, next := range history {
		after, err := take(manager, live.DeepCopy(), next)
		refused := ""
		if err != nil {
			refused = strings.TrimSpace(err.Error())
		} else {
			live = after
		}
		states = append(states, state{Object: live.DeepCopy().Object, Refused: refused})
	}
	return states
}

func take(manager *managedfields.FieldManager, live *unstructured.Unstructured, next step) (*unstructured.Unstructured, error) {
	var after runtime.Object
	var err error
	switch {
	case next.Apply != nil:
		after, err = manager.Apply(live, &unstructured.Unstructured{Object: next.Apply}, next.Manager, next.Force)
	case next.Manager == "":
		return &unstructured.Unstructured{Object: mergePatch(live.Object, next.Update)}, nil
	default:
		written := &unstructured.Unstructured{Object: mergePatch(live.DeepCopy().Object, next.Update)}
		after, err = manager.Update(live, written, next.Manager)
	}
	if err != nil {
		return nil, err
	}
	return after.(*unstructured.Unstructured), nil
}

func mergePatch(target, patch object) object {
	for key, value := range patch {
		inner, isObject := value.(object)
		old, wasObject := target[key].(object)
		switch {
		case value == nil:
			delete(target, key)
		case isObject && wasObject:
			target[key] = mergePatch(old, inner)
		default:
			target[key] = value
		}
	}
	return target
}
