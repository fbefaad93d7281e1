package banking

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/bookstest"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/hosttest"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// site is the holdings over a small city, with a server.
type site struct {
	*Banking
	*bookstest.City
	t       testing.TB
	ctx     context.Context // of the program itself
	ledger  *ledger.Ledger
	place   map[string]int64 // by name
	own     map[string]registry.Organisation
	must    func(error)
	refused func(err error, key string)
	actor   func(role, place string) access.Actor
	moved   bool // assertions may be told to have moved
}

func (x *site) build(h *manifest.Host) []manifest.Module {
	x.City = &bookstest.City{}
	base := x.Modules(h)
	x.ledger = x.Books
	x.Banking = New(h, x.Territory, x.Books)
	return append(base, x.Module())
}

func parts() []store.Part { return hosttest.Parts((&site{}).build) }

// each runs fn on both engines; what is left is proved afterwards.
func each(t *testing.T, fn func(*site)) {
	t.Helper()
	storetest.Each(t, parts(), func(t *testing.T, s *store.Store) {
		x := build(t, s)
		fn(x)
		if x.moved {
			x.Expected = []string{"banking.verify.moved"}
		}
		x.Verify()
	})
}

// build takes the small city in and serves it.
func build(t testing.TB, s *store.Store) *site {
	t.Helper()
	x := &site{}
	opened := hosttest.Open(t, s, x.build)
	x.Site = opened
	x.t, x.ctx, x.place, x.must, x.refused, x.actor = x.T, x.Ctx, x.Place, x.Must, x.Refused, x.Actor
	x.Settle()
	x.own = x.Own
	return x
}

// booked is what a test posts: what comes onto the account of deposits, and the other side.
type booked struct {
	on               period.Date
	amount           money.Fen
	other, who, note string
}

// post posts a voucher of two lines.
func (x *site) post(b ledger.Book, v booked) {
	x.t.Helper()
	x.must(x.host.Store.Write(x.ctx, func(tx *store.Tx) error {
		_, _, err := x.ledger.PostFor(tx, access.Machine, ledger.Draft{Book: b.Ref(), Date: v.on,
			Summary: v.note, Source: fmt.Sprintf("test/%s/%d/%s%s", v.on, v.amount, v.who, v.note),
			Postings: []book.Posting{{Account: "102", Amount: v.amount, Note: v.note,
				Dimensions: book.Dimensions{Counterparty: v.who}}, {Account: v.other, Amount: -v.amount}}})
		return err
	}))
}

// account registers the account of a village.
func (x *site) account(village string) Account {
	x.t.Helper()
	a, err := x.Register(x.ctx, access.Machine, Registration{Organisation: x.own[village].Ref(),
		Bank:   "农商行",
		Number: "6222 0000 0000 1234", Since: "2025-01-01"})
	x.must(err)
	return a
}

// stage reads a CSV file for an account.
func (x *site) stage(a Account, name string, rows ...string) (Staged, error) {
	text := strings.Join(rows, "\n") + "\n"
	return x.Stage(x.ctx, access.Machine, a.Ref(), sheet.Upload{Name: name,
		Content: strings.NewReader(text), Size: int64(len(text))}, "")
}

// take reads a file and takes it.
func (x *site) take(a Account, name string, rows ...string) Taken {
	x.t.Helper()
	w, err := x.stage(a, name, rows...)
	x.must(err)
	t, err := x.Take(x.ctx, access.Machine, a.Ref(), w.ID, "")
	if err != nil {
		x.t.Fatal(err, w.Reading.Findings)
	}
	return t
}
