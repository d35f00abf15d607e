// Command yaml reads YAML as Kubernetes does: by sigs.k8s.io/yaml, through which kubectl and the API server read manifests. It reads a
// document as a JSON string per line, and writes its value as JSON or the reason of its refusal per line.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"

	"sigs.k8s.io/yaml"
)

// An answer is the value of a document, or why it is refused.
type answer struct {
	Value   json.RawMessage `json:"value,omitempty"`
	Refused string          `json:"refused,omitempty"`
}

func main() {
	log.SetFlags(0)
	input := json.NewDecoder(bufio.NewReader(os.Stdin))
	output := bufio.NewWriter(os.Stdout)
	defer output.Flush()
	answers := json.NewEncoder(output)
	for input.More() {
		var document string
		if err := input.Decode(&document); err != nil {
			log.Fatal(err)
		}
		if err := answers.Encode(read(document)); err != nil {
			log.Fatal(err)
		}
	}
}

func read(document string) answer {
	value, err := yaml.YAMLToJSON([]byte(document))
	if err != nil {
		return answer{Refused: err.Error()}
	}
	return answer{Value: value}
}
