package commitments_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/commitments"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Places of apptest's city by their index: a county, two of its villages, and a village of the other.
const (
	county       = 1
	village      = 7
	otherVillage = 8
	farVillage   = 11
)

// today is the day on which a test begins.
const today period.Date = "2025-12-01"

// site is the small city with books of two villages from 2025-01-01.
type site struct {
	*apptest.City
	t     *testing.T
	own   registry.Organisation
	other registry.Organisation
	books map[int64]ledger.Book // by organisation
}

// each runs fn on both engines; what is left is proved afterwards.
func each(t *testing.T, fn func(*site)) {
	t.Helper()
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		x := &site{City: city.Populate(), t: t, books: map[int64]ledger.Book{}}
		x.Clock.Set(today)
		x.own, x.other = x.Owner(village), x.Owner(otherVillage)
		for _, o := range []registry.Organisation{x.own, x.other} {
			b, err := x.Ledger.OpenBook(t.Context(), access.Machine, ledger.Opening{Organisation: o.Ref(),
				Chart: "2024", From: "2025-01-01"})
			x.Must(err)
			x.books[o.ID] = b
		}
		fn(x)
		for _, f := range x.found() {
			t.Errorf("verify: %s", f)
		}
	})
}

// refused checks that an act was refused for a reason, itself or in a finding.
func (x *site) refused(err error, key string) {
	x.t.Helper()
	named := fault.HasKey(err, key)
	if f := fault.Of(err); f != nil {
		for _, one := range f.Findings {
			named = named || one.Key == key
		}
	}
	if err == nil || !named {
		x.t.Errorf("got %v, want the refusal %s", err, key)
	}
}

// found is what the module's check finds.
func (x *site) found() []string {
	x.t.Helper()
	var all []string
	for _, check := range x.Commitments.Module().Checks {
		x.Must(check.Run(x.t.Context(), func(f fault.Finding) { all = append(all, f.Key) }))
	}
	return all
}

// post posts a voucher of an organisation: capital against an account, debit above zero.
func (x *site) post(o registry.Organisation, day period.Date, account string,
	amount money.Fen) ledger.VoucherRef {
	x.t.Helper()
	line := book.Posting{Account: account, Amount: amount}
	if strings.Contains("112 201 221", account) { // kept by counterparty
		line.Counterparty = "对方"
	}
	var made ledger.Voucher
	x.Must(x.Host.Store.Write(x.t.Context(), func(tx *store.Tx) (err error) {
		made, _, err = x.Ledger.PostFor(tx, access.Machine, ledger.Draft{Book: x.books[o.ID].Ref(),
			Date:    day,
			Summary: "凭证", Postings: []book.Posting{line, {Account: "301", Amount: -amount}}})
		return err
	}))
	return made.Ref()
}

// loan is a loan as it should be: 300,000.00 on 2025-03-01, after a valid vote.
func loan() commitments.Entry {
	return commitments.Entry{Document: "借款合同1号", Commitment: commitments.Commitment{
		Kind: commitments.Loan, Party: "青石农村商业银行", PartyKind: "bank", Purpose: "facilities",
		Amount: 300_000_00, Rate: 435, Day: "2025-03-01", Due: "2028-02-29", Decision: "决议〔2025〕1号",
		DecisionBody: "representatives", Decided: "2025-02-20", DecisionValid: true}}
}

func lending(party, kind string) commitments.Entry {
	return commitments.Entry{Commitment: commitments.Commitment{Kind: commitments.Lending, Party: party,
		PartyKind: kind, Amount: 20_000_00, Day: "2025-04-01"}}
}

func guarantee() commitments.Entry {
	return commitments.Entry{Commitment: commitments.Commitment{Kind: commitments.Guarantee,
		Party: "江边建材有限公司", PartyKind: "enterprise", Creditor: "青石农村商业银行", Amount: 500_000_00,
		Day: "2025-05-01", Pledge: "村办公楼"}}
}

// transfer is 50,000.00 paid on 2025-06-01.
func transfer() commitments.Transfer {
	return commitments.Transfer{Document: "财农〔2025〕12号", Kind: "revitalisation", Project: "产业路",
		Amount: 50_000_00, Day: "2025-06-01"}
}

func (x *site) enter(e commitments.Entry) commitments.Commitment {
	x.t.Helper()
	c, err := x.Commitments.Enter(x.t.Context(), access.Machine, x.own.Ref(), e)
	x.Must(err)
	return c
}

func (x *site) announce(t commitments.Transfer) commitments.Transfer {
	x.t.Helper()
	made, err := x.Commitments.Announce(x.t.Context(), access.Machine, x.own.Ref(), t)
	x.Must(err)
	return made
}

func (x *site) get(home, id int64) commitments.Commitment {
	x.t.Helper()
	c, err := store.Read(x.t.Context(), x.Host.Store, func(v *store.View) (commitments.Commitment, error) {
		return commitments.Get(v, commitments.Ref{Home: home, ID: id})
	})
	x.Must(err)
	return c
}

func (x *site) transfer(home, id int64) commitments.Transfer {
	x.t.Helper()
	t, err := store.Read(x.t.Context(), x.Host.Store, func(v *store.View) (commitments.Transfer, error) {
		return commitments.GetTransfer(v, commitments.Ref{Home: home, ID: id})
	})
	x.Must(err)
	return t
}

// on is an act on a commitment today.
func (x *site) on(c commitments.Commitment, document string) commitments.Act {
	return commitments.Act{Ref: commitments.Ref{Home: c.Home, ID: c.ID}, Version: c.Version,
		On: x.Clock.Today(), Document: document, Reason: "原因"}
}

// of is an act on a transfer today.
func (x *site) of(t commitments.Transfer) commitments.Act {
	return commitments.Act{Ref: commitments.Ref{Home: t.Home, ID: t.ID}, Version: t.Version,
		On: x.Clock.Today(), Reason: "原因"}
}

// see reads a page and looks for what must, and with "!" must not, be on it.
func (x *site) see(s *apptest.Session, path string, status int, wanted ...string) string {
	x.t.Helper()
	code, body := s.Get(path)
	x.looks(path, code, status, body, wanted)
	return body
}

// send posts a form and looks at the answer likewise.
func (x *site) send(s *apptest.Session, path string, status int, form url.Values, wanted ...string) string {
	x.t.Helper()
	code, body := s.Post(path, form)
	x.looks(path, code, status, body, wanted)
	return body
}

func (x *site) looks(path string, code, status int, body string, wanted []string) {
	x.t.Helper()
	if code != status {
		x.t.Errorf("%s answers %d, want %d: %.500s", path, code, status, body)
		return
	}
	for _, w := range wanted {
		text, not := strings.CutPrefix(w, "!")
		if strings.Contains(body, text) == not {
			x.t.Errorf("%s: %q is there: %v", path, text, !not)
		}
	}
}

// form is a form from names and values.
func form(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values
}

// call asks an operation of the API: method and path in one.
func (x *site) call(s *apptest.Session, what, body string, status int) map[string]any {
	x.t.Helper()
	method, path, _ := strings.Cut(what, " ")
	r, err := http.NewRequest(method, s.Base()+"/api/v1"+path, strings.NewReader(body))
	x.Must(err)
	r.Header.Set("Origin", s.Base())
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	code, text := s.Do(r)
	if code != status {
		x.t.Errorf("%s answers %d, want %d: %.600s", what, code, status, text)
	}
	value := map[string]any{}
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		x.t.Fatalf("%s answers %s", what, text)
	}
	return value
}
