package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	apiservercel "k8s.io/apiserver/pkg/cel"
)

// show writes a value with its type, so that equal texts mean equal values: doubles by their bits, times in nanoseconds.
func show(value ref.Val) string {
	switch typed := value.(type) {
	case types.String:
		return quote(string(typed))
	case types.Bytes:
		return fmt.Sprintf("bytes %x", []byte(typed))
	case types.Double:
		if math.IsNaN(float64(typed)) {
			return "double NaN"
		}
		return fmt.Sprintf("double %016x", math.Float64bits(float64(typed)))
	case types.Timestamp:
		return "timestamp " + typed.Time.Format(time.RFC3339Nano)
	case types.Duration:
		return fmt.Sprintf("duration %d", typed.Duration.Nanoseconds())
	case *types.Optional:
		if !typed.HasValue() {
			return "none"
		}
		return "optional " + show(typed.GetValue())
	case traits.Lister:
		items := make([]string, 0)
		for each := typed.Iterator(); each.HasNext() == types.True; {
			items = append(items, show(each.Next()))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case traits.Mapper:
		entries := make([]string, 0)
		for each := typed.Iterator(); each.HasNext() == types.True; {
			key := each.Next()
			entries = append(entries, show(key)+": "+show(typed.Get(key)))
		}
		slices.Sort(entries)
		return "{" + strings.Join(entries, ", ") + "}"
	case types.Null:
		return "null"
	case apiservercel.URL:
		// Its parts have functions of their own.
		return value.Type().TypeName()
	case *apiservercel.Format:
		return value.Type().TypeName() + " " + typed.Name
	default:
		return fmt.Sprintf("%s %v", value.Type().TypeName(), value.Value())
	}
}

// quote writes all but plain ASCII by code points.
func quote(text string) string {
	var quoted strings.Builder
	for _, letter := range text {
		if letter >= ' ' && letter <= '~' && letter != '"' && letter != '\\' {
			quoted.WriteRune(letter)
		} else {
			fmt.Fprintf(&quoted, "\\u{%x}", letter)
		}
	}
	return `"` + quoted.String() + `"`
}
