package app

import (
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// ruleOf is the rule of supervision that finds what is planted.
var ruleOf = map[string]string{"contract_free": "A01", "contract_prepaid": "A03",
	"contract_undecided":  "A07",
	"contract_off_market": "A08", "contract_unapproved": "A10", "contract_related": "A11",
	"contract_buy_back": "A24", "contract_oral": "A06", "contract_overdue": "A04", "contract_twice": "A09",
	"contract_insider": "A11", "loan_unvoted": "A16-vote", "loan_dividends": "A16-purpose",
	"guarantee_given": "A17-guarantee", "lent_officer": "A17-officer", "subsidy_unbooked": "A22",
	"cash_payment": "A13-payment", "split_purchase": "A19",
	"debt_ratio":            "A16-ratio",
	"earmarked_distributed": "A18-source", "entertainment": "A21", "no_card": "A12-voucher",
	"over_worn": "A23", "no_depreciation": "A23-missing", "paid_insider": "A14-payment",
	"free_of_charge": "A01-card", "lease_too_long": "A02-card", "arrears": "A04-card",
	"no_contract":   "A06-card",
	"contract_over": "A05-card"}

// rare need a county of more collectives than the tiny city has.
var rare = []string{"split_purchase", "free_of_charge", "lease_too_long"}

// supervisionFindsWhatIsPlanted: every answer that names a rule of supervision has its finding.
func supervisionFindsWhatIsPlanted(t *testing.T, b builtCity) {
	t.Helper()
	done := map[int64]bool{}
	for _, one := range b.Ledger { // what the nightly job does
		if done[one.Home] {
			continue
		}
		done[one.Home] = true
		ctx := access.With(t.Context(), access.Machine)
		if _, err := b.Modules.Supervision.RunCounty(ctx, one.Home); err != nil {
			t.Fatal(err)
		}
	}
	planted := map[string]int{}
	err := b.program.host.Store.View(t.Context(), func(v *store.View) error {
		for _, a := range b.Answers {
			rule, ok := ruleOf[a.Rule]
			if !ok {
				continue
			}
			planted[a.Rule]++
			n, err := store.Count(v, `SELECT count(*) FROM finding
				WHERE home = ? AND organisation = ? AND (rule = ? OR rule = ?)`, a.Organisation.Home,
				a.Organisation.ID, rule, rule+"-red")
			if err != nil {
				return err
			}
			if n == 0 {
				t.Errorf("%s of %s was not found by %s", a.Rule, a.Name, rule)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for rule := range ruleOf {
		if planted[rule] == 0 && !slices.Contains(rare, rule) {
			t.Errorf("no %s is planted", rule)
		}
	}
}

// everyCollectiveHasABookThatTiesOut: the statements of the year hold for each, and most of them are
// closed.
func everyCollectiveHasABookThatTiesOut(t *testing.T, b builtCity) {
	t.Helper()
	year, err := period.Parse("2025")
	if err != nil {
		t.Fatal(err)
	}
	closed := 0
	err = b.program.host.Store.View(t.Context(), func(v *store.View) error {
		for _, one := range b.Ledger {
			books, err := ledger.BooksOf(v, one.Ref)
			if err != nil || len(books) != 1 {
				t.Fatalf("%s has %d books (%v)", one, len(books), err)
			}
			if strings.HasSuffix(books[0].Closed, "-12") {
				closed++
			}
			sheet, err := b.Modules.Ledger.Statement(v, books[0].Ref(), book.BalanceSheet, year)
			if err != nil {
				return err
			}
			if total := line(t, sheet, "total_assets"); total == 0 || total != line(t, sheet,
				"total_liabilities_equity") {
				t.Errorf("the balance sheet of %s does not tie out: %d", one, total)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if closed < len(b.Ledger)*8/10 {
		t.Errorf("only %d of %d books are closed", closed, len(b.Ledger))
	}
}

// line is the first cell of a statement's line.
func line(t *testing.T, sheet book.Sheet, key string) int64 {
	t.Helper()
	for _, l := range sheet.Lines {
		if l.Key == key {
			return int64(l.Cells[0])
		}
	}
	t.Fatalf("%s has no line %s", sheet.Key, key)
	return 0
}
