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

// deposits is the account given, else what the chart of the owner's books names as bank, else a parameter;
// and the chart whose account it is, "" without books.
func (s *Banking) deposits(r store.Reader, owner registry.Ref, given string) (code, under string,
	err error) {
	b, _, err := ledger.Of(r, owner, s.host.Today())
	if err != nil {
		return given, b.Chart, err
	}
	chart, known := s.ledger.Charts().Get(b.Chart)
	switch {
	case given != "" && known && !chart.Bookable(given):
		return "", "", wrong(fault.Invalid, "banking.account", "account", given)
	case given == "" && known && chart.Bookable(chart.Roles["bank"]):
		given = chart.Roles["bank"]
	case given == "":
		v, err := s.host.Packs.Value("banking.deposits_account", s.host.Today())
		return string(v.Value), b.Chart, err
	}
	return given, b.Chart, nil
}

// wrong is a refusal that belongs to a field of the registration, with what stood there.
func wrong(code fault.Code, key, field, saw string) error {
	return fault.New(code, key).With([]fault.Finding{fault.Wrong("banking.wrong."+field).At("", 0,
		field).Saw(saw)})
}

// tidy makes a registration uniform and says which fields of it are wrong.
func (q *Registration) tidy() (found []fault.Finding) {
	q.Bank, q.Detail, q.Account = strings.TrimSpace(q.Bank), strings.TrimSpace(q.Detail),
		strings.TrimSpace(q.Account)
	q.Number = strings.Join(strings.FieldsFunc(decimal.Normal(q.Number), func(r rune) bool {
		return r == ' ' || r == '-'
	}), "")
	for _, f := range []struct {
		field string
		right bool
	}{
		{"bank", q.Bank != "" && utf8.RuneCountInString(q.Bank) <= bankMax},
		{"number", len(q.Number) >= digitsMin && len(q.Number) <= digitsMax &&
			strings.Trim(q.Number, "0123456789") == ""},
		{"since", q.Since.Valid()},
		{"detail", utf8.RuneCountInString(q.Detail) <= detailMax},
		{"account", len(q.Account) <= detailMax},
	} {
		if !f.right {
			found = append(found, fault.Wrong("banking.wrong."+f.field).At("", 0, f.field))
		}
	}
	return found
}

// Register enters an account of an organisation. It must be held in the organisation's own name.
func (s *Banking) Register(ctx context.Context, actor access.Actor, q Registration) (a Account, err error) {
	if found := q.tidy(); len(found) > 0 {
		return a, fault.New(fault.Invalid, "banking.account").With(found)
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
			return wrong(fault.Invalid, "banking.holder", "holder", "")
		}
		a = Account{Home: o.Home, Organisation: o.ID, Place: o.Place, Bank: q.Bank,
			Tail: q.Number[len(q.Number)-tailKept:], NumberFind: s.host.Keys.Find(numberColumn, q.Number),
			Format: q.Format, Detail: q.Detail, Since: q.Since, Opening: q.Opening, Ended: period.Open}
		under := ""
		if a.Account, under, err = s.deposits(tx, o.Ref(), q.Account); err != nil {
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
		if err := saidUnder.Insert(tx, &chartRow{a.Home, a.ID, under}); err != nil {
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
	b, _, err := ledger.Of(r, a.Owner(), s.host.Today())
	if err != nil {
		return err
	}
	for _, other := range all {
		if string(other.NumberFind) == string(a.NumberFind) {
			return wrong(fault.Conflict, "banking.account_there", "number", "")
		}
		code, err := s.codeIn(r, other, b)
		if err != nil {
			return err
		}
		if other.Ended == period.Open && code == a.Account &&
			(other.Detail == a.Detail || other.Detail == "" || a.Detail == "") {
			return fault.New(fault.Conflict, "banking.detail_needed", other.Masked()).With([]fault.Finding{
				fault.Wrong("banking.wrong.detail_needed").At("", 0, "detail")})
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
