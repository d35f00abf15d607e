// Command cel evaluates expressions in the API server's own environment (k8s.io/apiserver/pkg/cel/environment and its library), as
// the server of a minor version takes them for a new policy, without variables. It reads an expression as a JSON string per line and
// writes an answer per line.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	_ "time/tzdata"

	"github.com/google/cel-go/cel"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/cel/environment"
)

// An answer is the value of an expression as text, or the stage at which it failed and the reason.
type answer struct {
	Value  string `json:"value,omitempty"`
	Failed string `json:"failed,omitempty"`
	Reason string `json:"reason,omitempty"`
}

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(kubernetes string) error {
	minor, err := version.ParseGeneric(kubernetes)
	if err != nil {
		return err
	}
	// A server takes what its predecessor can read as well.
	expressions, err := environment.MustBaseEnvSet(minor.SubtractMinor(1)).Env(environment.NewExpressions)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	output := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var source string
		if err := json.Unmarshal(lines.Bytes(), &source); err != nil {
			return err
		}
		if err := output.Encode(evaluate(expressions, source)); err != nil {
			return err
		}
	}
	return lines.Err()
}

func evaluate(expressions *cel.Env, source string) (found answer) {
	defer func() {
		if panicked := recover(); panicked != nil {
			found = answer{Failed: "panic", Reason: fmt.Sprint(panicked)}
		}
	}()
	compiled, issues := expressions.Compile(source)
	if issues.Err() != nil {
		return answer{Failed: "compile", Reason: issues.Err().Error()}
	}
	// A constant part is evaluated at once, so that a policy whose constants fail is refused.
	program, err := expressions.Program(compiled)
	if err != nil {
		return answer{Failed: "compile", Reason: err.Error()}
	}
	value, _, err := program.Eval(map[string]any{})
	if err != nil {
		return answer{Failed: "evaluate", Reason: err.Error()}
	}
	return answer{Value: show(value)}
}
