package supervision_test

import (
	"errors"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/supervision"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// payments is how many payments in cash are too large: more than one portion of a run.
const payments = 130

// spoil makes findings of several rules and subjects, one of them with more than a portion.
func (x *town) spoil() {
	x.t.Helper()
	of := x.openBook("2025-01-01")
	x.enter(of, "2025-09-01", "投入资本", line{account: "101", yuan: 4_000_000}, line{account: "301",
		yuan: -4_000_000})
	var drafts []ledger.Draft
	for i := range payments {
		amount := money.Fen(150_000 + i)
		drafts = append(drafts, ledger.Draft{Book: of, Date: "2025-10-05", Summary: "付现",
			Source:   "test/" + itoa(int64(i)),
			Postings: []book.Posting{{Account: "511", Amount: amount}, {Account: "101", Amount: -amount}}})
	}
	x.must(x.Host.Store.Write(x.t.Context(), func(tx *store.Tx) error {
		_, _, err := x.Ledger.PostAll(tx, access.Machine, drafts)
		return err
	}))
	x.let("leased", "", "")
}

// TestKilledAndResumed: a run that is killed after every portion, and goes on from the step it had saved each
// time, finds what one run finds, and nothing twice.
func TestKilledAndResumed(t *testing.T) {
	each(t, func(x *town) {
		x.spoil()
		step, kills := 0, 0
		for {
			var err error
			step, err = x.Supervision.RunKilled(x.t.Context(), x.home, step, 1)
			if err == nil {
				break
			}
			if !errors.Is(err, supervision.ErrKilled) {
				x.must(err)
			}
			if kills++; kills > 100 {
				x.t.Fatal("it never ends")
			}
		}
		if kills < 5 {
			x.t.Fatalf("killed %d times only", kills)
		}
		x.allOnce(payments + 2) // cash over the limit, and the shed without a contract
		x.ran(supervision.Tally{Hits: payments + 2})
	})
}

// TestKilledBeforeTheStepIsSaved: what is done again from an earlier step changes nothing.
func TestKilledBeforeTheStepIsSaved(t *testing.T) {
	each(t, func(x *town) {
		x.spoil()
		for portions := range 12 {
			if _, err := x.Supervision.RunKilled(x.t.Context(), x.home, 0, portions); err != nil &&
				!errors.Is(err, supervision.ErrKilled) {
				x.must(err)
			}
		}
		x.run()
		x.allOnce(payments + 2)
	})
}

// TestTheNightsJob: the job of a county finds the same, and says so.
func TestTheNightsJob(t *testing.T) {
	each(t, func(x *town) {
		x.spoil()
		_, err := x.Supervision.Order(x.t.Context(), x.As("county-officer", 1), x.home)
		x.must(err)
		x.must(x.Host.Jobs.Drain(x.t.Context()))
		x.allOnce(payments + 2)
	})
}

// allOnce: there are so many open findings, each raised once and with one case.
func (x *town) allOnce(want int64) {
	x.t.Helper()
	x.read(func(v *store.View) error {
		for text, want := range map[string]int64{
			`SELECT count(*) FROM finding WHERE state = 'open' AND times = 1`:              want,
			`SELECT count(*) FROM event WHERE kind = 'finding.raised'`:                     want,
			`SELECT count(*) FROM procedure_case WHERE procedure = 'finding'`:              want,
			`SELECT count(*) FROM event WHERE kind IN ('finding.gone', 'finding.changed')`: 0,
		} {
			n, err := store.Count(v, text)
			if err != nil {
				return err
			}
			if n != want {
				x.t.Errorf("%s: %d, want %d", text, n, want)
			}
		}
		return nil
	})
}
