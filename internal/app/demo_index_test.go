package app

import (
	"testing"

	"github.com/terrace-project/terrace/internal/modules/evaluation"
	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// indicesHaveTheirSpread: each index of the city says from where to where the ranks of its areas go.
func indicesHaveTheirSpread(t *testing.T, b builtCity) {
	actor, err := b.As(t.Context(), "city_analyst", b.Modules.Places.City())
	if err != nil {
		t.Fatal(err)
	}
	err = b.program.host.Store.View(t.Context(), func(v *store.View) error {
		found, err := b.Modules.Evaluation.Find(v, actor, evaluation.Search{Limit: 100})
		if err == nil && len(found.Runs) < 3 {
			t.Errorf("the city has %d indices", len(found.Runs))
		}
		for _, run := range found.Runs {
			text, err := evaluation.ResultText(v, run.Ref())
			if err != nil {
				return err
			}
			out, err := result.Read(text)
			if err != nil {
				return err
			}
			if areas := len(out.Rows(out.LastTime())); len(out.Spreads) != areas {
				t.Errorf("%s has %d areas and %d spreads of ranks", run.Title, areas, len(out.Spreads))
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
