// Package refusal keeps a refusal as text, so that a request that is sent again is refused as it was the
// first time: same code, same key, same arguments, same findings.
package refusal

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// kept is a refusal as it is kept: every argument as a text, a number or a text in all languages.
type kept struct {
	Code     fault.Code    `json:"code"`
	Key      string        `json:"key"`
	Args     []keptArg     `json:"args,omitempty"`
	Findings []keptFinding `json:"findings,omitempty"`
}

type keptFinding struct {
	fault.Finding
	Args []keptArg `json:"args,omitempty"`
}

type keptArg struct {
	Text   string       `json:"text,omitempty"`
	Number *int64       `json:"number,omitempty"`
	Words  *words.Words `json:"words,omitempty"`
}

// Write is a refusal as text.
func Write(f *fault.Fault) (string, error) {
	k := kept{Code: f.Code, Key: f.Key, Args: keptArgs(f.Args)}
	for _, finding := range f.Findings {
		args := keptArgs(finding.Args)
		finding.Args = nil
		k.Findings = append(k.Findings, keptFinding{finding, args})
	}
	text, err := json.Marshal(k)
	return string(text), err
}

// Read is the refusal that Write wrote.
func Read(text string) error {
	var k kept
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	if err := decoder.Decode(&k); err != nil {
		return err
	}
	f := &fault.Fault{Code: k.Code, Key: k.Key, Args: plainArgs(k.Args)}
	var findings []fault.Finding
	for _, finding := range k.Findings {
		finding.Finding.Args = plainArgs(finding.Args)
		findings = append(findings, finding.Finding)
	}
	return f.With(findings)
}

func keptArgs(args []any) []keptArg {
	var kept []keptArg
	for _, a := range args {
		switch a := a.(type) {
		case int:
			n := int64(a)
			kept = append(kept, keptArg{Number: &n})
		case int64:
			kept = append(kept, keptArg{Number: &a})
		case words.Words:
			kept = append(kept, keptArg{Words: &a})
		default: // amounts, days: as they are shown
			kept = append(kept, keptArg{Text: fmt.Sprint(a)})
		}
	}
	return kept
}

func plainArgs(kept []keptArg) []any {
	var args []any
	for _, k := range kept {
		switch {
		case k.Number != nil:
			args = append(args, *k.Number)
		case k.Words != nil:
			args = append(args, *k.Words)
		default:
			args = append(args, k.Text)
		}
	}
	return args
}

// Lasting reports a refusal that is about what was asked, not about who asked or when: it stays.
func Lasting(err error) bool {
	switch fault.Of(err).Code {
	case fault.Invalid, fault.Conflict, fault.NotFound, fault.TooLarge:
		return true
	}
	return false
}

// Is reports an answer to a person, which changed nothing, as against a machine that failed.
func Is(err error) bool {
	f := fault.Of(err)
	return f.Code != fault.Internal && f.Code != fault.Unavailable
}
