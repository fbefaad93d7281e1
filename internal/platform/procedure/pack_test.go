package procedure_test

import (
	"testing"

	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/packs"
)

// TestProceduresOfThePacks: the packs of the program define procedures that hold together.
func TestProceduresOfThePacks(t *testing.T) {
	p, err := pack.NewLibrary(packs.Files).Read("chongqing")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range procedure.Sections() {
		for _, f := range s.Check(p) {
			t.Error(f)
		}
	}
	e := procedure.New(nil, nil, nil)
	e.SetPlaces(world{})
	e.LoadPack(p)
	for key, steps := range map[string]int{"annual-check": 5, "annual-roll-up": 2} {
		d, err := e.Definition(key)
		if err != nil || len(d.Steps) != steps {
			t.Errorf("%s: %d steps, %v", key, len(d.Steps), err)
		}
	}
	rules, err := e.Rules("annual-check", 5, "2026-02-01")
	if err != nil || len(rules) != 2 || rules[0].Pass.Needed(150) != 100 || rules[0].NoticeDays != 10 ||
		rules[1].SizeMin != 21 || rules[0].Basis == "" {
		t.Errorf("rules %+v, %v", rules, err)
	}
	if !e.Calendar().Known("2026-02-16") {
		t.Error("the calendar of 2026 is not loaded")
	}
}
