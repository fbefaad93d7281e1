package intake

import (
	"encoding/json"
	"fmt"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// argument is an argument of a finding as it is kept: a text, a text in both languages, or a key of
// the dictionary.
type argument struct {
	Text  string        `json:"text,omitempty"`
	Words *locale.Words `json:"words,omitempty"`
	Word  string        `json:"word,omitempty"`
}

func encodeArgs(args []any) (string, error) {
	kept := make([]argument, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case locale.Words:
			kept[i].Words = &a
		case locale.Word:
			kept[i].Word = string(a)
		default:
			kept[i].Text = fmt.Sprint(a)
		}
	}
	b, err := json.Marshal(kept)
	return string(b), err
}

func decodeArgs(text string) ([]any, error) {
	var kept []argument
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return nil, err
	}
	args := make([]any, len(kept))
	for i, a := range kept {
		switch {
		case a.Words != nil:
			args[i] = *a.Words
		case a.Word != "":
			args[i] = locale.Word(a.Word)
		default:
			args[i] = a.Text
		}
	}
	return args, nil
}

var severities = []fault.Severity{fault.Error, fault.Warning, fault.Note}

func rank(s fault.Severity) int {
	for i, known := range severities {
		if s == known {
			return i
		}
	}
	return 0
}

// keep turns a finding into its row.
func keep(in Intake, phase int, n int, f fault.Finding) (storedFinding, error) {
	args, err := encodeArgs(f.Args)
	return storedFinding{Home: in.Home, Intake: in.ID, Phase: phase, Line: int64(f.Row), N: int64(n),
		Severity: rank(f.Severity), Key: f.Key, Args: args, Sheet: f.Sheet, Spot: f.Column,
		Value: f.Value}, err
}

// keepAll numbers the findings of a phase within each line.
func keepAll(in Intake, phase int, list []fault.Finding) ([]storedFinding, error) {
	numbers := map[int]int{}
	kept := make([]storedFinding, len(list))
	for i, f := range list {
		numbers[f.Row]++
		var err error
		if kept[i], err = keep(in, phase, numbers[f.Row], f); err != nil {
			return nil, err
		}
	}
	return kept, nil
}

// finding turns a row back into the finding.
func (s storedFinding) finding() (fault.Finding, error) {
	args, err := decodeArgs(s.Args)
	f := fault.Finding{Severity: severities[min(max(s.Severity, 0), 2)], Key: s.Key, Args: args,
		Value: s.Value}
	return f.At(s.Sheet, int(s.Line), s.Spot), err
}

// refusal keeps a fault so that it can be explained later in either language.
func refusal(f *fault.Fault) (string, error) {
	args, err := encodeArgs(f.Args)
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(storedRefusal{f.Code, f.Key, args})
	return string(b), err
}

type storedRefusal struct {
	Code fault.Code `json:"code"`
	Key  string     `json:"key"`
	Args string     `json:"args"`
}

// Refused gives the fault for which the intake was refused; nil if it was not.
func (in Intake) Refused() *fault.Fault {
	if in.Refusal == "" {
		return nil
	}
	var kept storedRefusal
	if err := json.Unmarshal([]byte(in.Refusal), &kept); err != nil {
		return fault.Of(err)
	}
	args, err := decodeArgs(kept.Args)
	if err != nil {
		return fault.Of(err)
	}
	return &fault.Fault{Code: kept.Code, Key: kept.Key, Args: args}
}
