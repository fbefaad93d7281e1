package history_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// TestEnteredAfterTheFact is the example of the package comment.
func TestEnteredAfterTheFact(t *testing.T) {
	states := []history.State{
		{Since: "2016-07-31", Until: "2020-06-30", Facts: history.Facts{Name: "A", Parent: 1}},
		{Since: "2020-06-30", Until: period.Open, Facts: history.Facts{Name: "A", Parent: 2}, Event: 7},
	}
	got, err := history.Amend(states, "2018-03-01", 9, func(f *history.Facts) { f.Name = "B" })
	want := []history.State{
		{Since: "2016-07-31", Until: "2018-03-01", Facts: history.Facts{Name: "A", Parent: 1}},
		{Since: "2018-03-01", Until: "2020-06-30", Facts: history.Facts{Name: "B", Parent: 1}, Event: 9},
		{Since: "2020-06-30", Until: period.Open, Facts: history.Facts{Name: "B", Parent: 2}, Event: 7},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	if _, err := history.End(got, "2019-01-01"); !errors.Is(err, history.ErrLater) {
		t.Errorf("later acts are lost: %v", err)
	}
	if _, err := history.Amend(states, "2015-01-01", 9, nil); !errors.Is(err, history.ErrNotStanding) {
		t.Errorf("a place that did not stand is changed: %v", err)
	}
}

var days = []period.Date{"2016-01-01", "2017-01-01", "2018-01-01", "2019-01-01", "2020-01-01"}

// act sets one fact from a day on.
type act struct {
	on   period.Date
	what int
	to   string
}

func (a act) do(states []history.State) ([]history.State, error) {
	return history.Amend(states, a.on, 1, func(f *history.Facts) {
		switch a.what {
		case 0:
			f.Name = a.to
		case 1:
			f.Code = a.to
		default:
			f.Parent = int64(a.to[0])
		}
	})
}

// TestActsInAnyOrderGiveOneHistory: whatever order acts on different facts and days are entered in,
// each day ends up with the latest value set on or before it.
func TestActsInAnyOrderGiveOneHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var acts []act
		for _, on := range days[1:] {
			for what := range 3 {
				if rapid.Bool().Draw(t, "acts") {
					// values differ from all others, else a later act that changes nothing is no act
					acts = append(acts, act{on, what, string(rune('a'+len(acts))) + "x"})
				}
			}
		}
		states := []history.State{{Since: days[0], Until: period.Open}}
		for _, a := range rapid.Permutation(acts).Draw(t, "order") {
			var err error
			if states, err = a.do(states); err != nil {
				t.Fatal(err)
			}
			if err := history.Check(states); err != nil {
				t.Fatal(err, states)
			}
		}
		for _, on := range days {
			want := history.Facts{}
			for _, a := range acts { // they are in the order of days
				if a.on <= on {
					one, err := a.do([]history.State{{Since: days[0], Until: period.Open, Facts: want}})
					if err != nil {
						t.Fatal(err)
					}
					want = one[len(one)-1].Facts
				}
			}
			if got, ok := history.At(states, on); !ok || got.Facts != want {
				t.Fatalf("on %s %+v, want %+v", on, got.Facts, want)
			}
		}
	})
}

// TestDifferenceLeadsFromOneToTheOther for random histories.
func TestDifferenceLeadsFromOneToTheOther(t *testing.T) {
	draw := func(t *rapid.T, label string) []history.State {
		var states []history.State
		for i, on := range days {
			if rapid.Bool().Draw(t, label) {
				states = append(states, history.State{Since: on, Until: period.NewDate(2016+i, time.June,
					1),
					Facts: history.Facts{Name: rapid.SampledFrom([]string{"A", "B"}).Draw(t, "name")}})
			}
		}
		return states
	}
	rapid.Check(t, func(t *rapid.T) {
		before, after := draw(t, "before"), draw(t, "after")
		e := history.Difference(before, after)
		got := slices.DeleteFunc(slices.Clone(before), func(s history.State) bool {
			return slices.Contains(e.Drop, s) || slices.ContainsFunc(e.Change,
				func(c history.State) bool { return c.Since == s.Since })
		})
		got = append(append(got, e.Change...), e.Add...)
		slices.SortFunc(got, func(a, b history.State) int {
			if a.Since < b.Since {
				return -1
			}
			return 1
		})
		if !slices.Equal(got, after) {
			t.Fatalf("%v, want %v", got, after)
		}
	})
}
