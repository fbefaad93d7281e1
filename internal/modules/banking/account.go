package banking

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Lengths of what is kept of an account, in characters; and how many last digits of its number.
const (
	bankMax   = 100
	detailMax = 100
	tailKept  = 4
	digitsMin = 8
	digitsMax = 32
)

// numberColumn is under which an account's number is found again.
const numberColumn = "bank_account.number"

// Registration is an account as it is entered.
type Registration struct {
	Organisation registry.Ref
	Bank         string
	Number       string // whole; only its last digits and a keyed hash are kept
	Holder       string // as the bank has it: "" or the organisation
	Format       string
	Account      string // of the chart; "": that of bank deposits
	Detail       string
	Since        period.Date
	Opening      money.Fen
}

// deposits is the account given, else what the chart of the owner's books names as bank, else a parameter.
func (s *Banking) deposits(r store.Reader, owner registry.Ref, given string) (string, error) {
	b, _, err := ledger.Of(r, owner, s.host.Today())
	if err != nil || given != "" {
		return given, err
	}
	if chart, known := s.ledger.Charts().Get(b.Chart); known && chart.Bookable(chart.Roles["bank"]) {
		return chart.Roles["bank"], nil
	}
	v, err := s.host.Packs.Value("banking.deposits_account", s.host.Today())
	return string(v.Value), err
}

func (q *Registration) tidy() bool {
	q.Bank, q.Detail = strings.TrimSpace(q.Bank), strings.TrimSpace(q.Detail)
	q.Number = strings.Join(strings.FieldsFunc(decimal.Normal(q.Number), func(r rune) bool {
		return r == ' ' || r == '-'
	}), "")
	return q.Bank != "" && utf8.RuneCountInString(q.Bank) <= bankMax && len(q.Number) >= digitsMin &&
		len(q.Number) <= digitsMax && strings.Trim(q.Number, "0123456789") == "" && q.Since.Valid() &&
		utf8.RuneCountInString(q.Detail) <= detailMax && len(q.Account) <= detailMax
}

// Register enters an account of an organisation. It must be held in the organisation's own name.
func (s *Banking) Register(ctx context.Context, actor access.Actor, q Registration) (a Account, err error) {
	if q.Account = strings.TrimSpace(q.Account); !q.tidy() {
		return a, fault.New(fault.Invalid, "banking.account")
	}
	if q.Format != "" {
		if _, err := s.format(q.Format); err != nil {
			return a, err
		}
	}
	err = s.host.Store.Write(ctx, func(tx *store.Tx) error {
		o, err := registry.Get(tx, q.Organisation)
		if err != nil {
			return err
		}
		if err := s.host.Access.Require(actor, MayMatch, o.Place); err != nil {
			return err
		}
		if q.Holder != "" && !own(o, q.Holder) {
			return fault.New(fault.Invalid, "banking.holder")
		}
		a = Account{Home: o.Home, Organisation: o.ID, Place: o.Place, Bank: q.Bank,
			Tail: q.Number[len(q.Number)-tailKept:], NumberFind: s.host.Keys.Find(numberColumn, q.Number),
			Format: q.Format, Detail: q.Detail, Since: q.Since, Opening: q.Opening, Ended: period.Open}
		if a.Account, err = s.deposits(tx, o.Ref(), q.Account); err != nil {
			return err
		}
		if err := s.fresh(tx, a); err != nil {
			return err
		}
		if a.ID, err = tx.NextID(a.Home, "bank_account"); err != nil {
			return err
		}
		if err := accounts.Insert(tx, &a); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: a.Home, Kind: "bank_account.registered",
			Subject: subject(a.ID), Place: a.Place, Actor: actor.Account,
			Personal: map[string]string{"number": q.Number}})
		return err
	})
	return a, err
}

// fresh refuses an account that is entered already, or whose postings are another's too.
func (s *Banking) fresh(r store.Reader, a Account) error {
	all, err := AccountsOf(r, a.Owner())
	if err != nil {
		return err
	}
	for _, other := range all {
		if string(other.NumberFind) == string(a.NumberFind) {
			return fault.New(fault.Conflict, "banking.account_there")
		}
		if other.Ended == period.Open && other.Account == a.Account &&
			(other.Detail == a.Detail || other.Detail == "" || a.Detail == "") {
			return fault.New(fault.Conflict, "banking.detail_needed", other.Masked())
		}
	}
	return nil
}

// own reports whether a holder is the organisation or the body that acts in its place.
func own(o registry.Organisation, holder string) bool {
	for _, name := range []string{o.Name, o.ActingBody} {
		if name != "" && strings.TrimSpace(holder) == name {
			return true
		}
	}
	return false
}

// End closes an account from a day on. Its lines and assertions stay.
func (s *Banking) End(ctx context.Context, actor access.Actor, ref Ref, version int64,
	on period.Date) error {
	return s.host.Store.Write(ctx, func(tx *store.Tx) error {
		a, err := s.mine(tx, actor, MayMatch, ref)
		if err != nil {
			return err
		}
		if !on.Valid() || on < a.Since || a.Ended != period.Open {
			return fault.New(fault.Invalid, "banking.end_day")
		}
		a.Version, a.Ended = version, on
		if err := accounts.Update(tx, &a); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: a.Home, Kind: "bank_account.ended", Subject: subject(a.ID),
			Place: a.Place, Actor: actor.Account, Body: map[string]string{"on": string(on)}})
		return err
	})
}

// mine reads an account at whose place the actor may do an act. To others there is none.
func (s *Banking) mine(r store.Reader, actor access.Actor, permit access.Permit, ref Ref) (Account, error) {
	a, err := Get(r, ref)
	if err == nil {
		err = s.host.Access.Require(actor, permit, a.Place)
	}
	return a, err
}

// bookOf is the book that an account's postings of a day are in.
func bookOf(r store.Reader, a Account, on period.Date) (ledger.Book, error) {
	b, found, err := ledger.Of(r, a.Owner(), on)
	if err == nil && !found {
		err = fault.New(fault.Conflict, "banking.no_book", string(on))
	}
	return b, err
}
