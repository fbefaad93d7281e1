package ledger

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/ledger/refusal"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// Check posts what another person entered: it gets its number and moves the balances.
func (l *Ledger) Check(ctx context.Context, actor access.Actor, ref VoucherRef,
	version int64) (Voucher, error) {
	var done Voucher
	err := l.host.Store.Write(ctx, func(tx *store.Tx) (err error) {
		done, err = l.checkIn(tx, actor, ref, version)
		return err
	})
	return done, err
}

func (l *Ledger) checkIn(tx *store.Tx, actor access.Actor, ref VoucherRef, version int64) (Voucher, error) {
	v, err := getVoucher(tx, ref)
	if err != nil {
		return v, err
	}
	read := v
	p, err := through(tx, v.BookRef(), func() (*posting, error) {
		v = read // a first try gave it a number
		return l.checkable(tx, actor, &v, version)
	})
	if err != nil {
		return v, err
	}
	v.Checker, v.PostedAt = actor.Account, tx.Now()
	if err := p.write(tx); err != nil {
		return v, err
	}
	if v.Reverses != 0 {
		if err := markReversed(tx, v); err != nil {
			return v, err
		}
	}
	if p.held {
		if err := endHolds(tx, v, Paid); err != nil {
			return v, err
		}
	}
	return v, p.tell(tx, actor.Account)
}

// checkable reads and checks everything there is to refuse about posting a draft. Its version is read along
// with the gate: who changed it since it was read is noticed here, and who does from then on at the gate.
func (l *Ledger) checkable(r store.Reader, actor access.Actor, v *Voucher, version int64) (*posting,
	error) {
	p, err := l.postingInto(r, v.BookRef(), v)
	if err != nil {
		return nil, err
	}
	if p.seen != v.Version {
		if *v, err = getVoucher(r, v.Ref()); err != nil {
			return nil, err
		}
	}
	if err := l.host.Access.Require(actor, MayCheck, p.book.Place); err != nil {
		return nil, err
	}
	if err := stillDraft(*v, version); err != nil {
		return nil, err
	}
	if v.Status == Returned {
		return nil, fault.New(fault.Conflict, "ledger.returned")
	}
	if err := otherThan(actor, *v); err != nil {
		return nil, err
	}
	d, err := v.AsDraft()
	if err != nil {
		return nil, err
	}
	if v.Reverses != 0 {
		if err := reversible(r, VoucherRef{Home: v.Home, ID: v.Reverses}); err != nil {
			return nil, err
		}
	}
	p.holder = v.ID
	return p, p.add(v, d.Postings)
}

// PostFor posts what another part of the program books, in its transaction: both or neither. A source
// stands once in a book: asked for again, it answers with the voucher that is there, and false.
// Who called has asked whether the actor may.
func (l *Ledger) PostFor(tx *store.Tx, actor access.Actor, d Draft) (Voucher, bool, error) {
	posted, fresh, err := l.PostAll(tx, actor, []Draft{d})
	if err != nil {
		return Voucher{}, false, err
	}
	return posted[0], fresh == 1, nil
}

// PostAll is PostFor of many vouchers of one book, in the order given; fresh says how many are new.
func (l *Ledger) PostAll(tx *store.Tx, actor access.Actor, drafts []Draft) (posted []Voucher, fresh int,
	err error) {
	if len(drafts) == 0 {
		return nil, 0, nil
	}
	drafts = slices.Clone(drafts)
	ref := drafts[0].Book
	for i := range drafts {
		drafts[i] = drafts[i].Tidy()
		if drafts[i].Book != ref {
			return nil, 0, fault.New(fault.Invalid, "ledger.two_books")
		}
	}
	var list []Voucher
	p, err := through(tx, ref, func() (*posting, error) {
		list = make([]Voucher, len(drafts))
		return l.addAll(tx, drafts, list)
	})
	if err != nil {
		return nil, 0, err
	}
	if p == nil { // all were there
		return list, 0, nil
	}
	first, err := tx.NextIDs(ref.Home, "ledger_voucher", int64(len(p.vouchers)))
	if err != nil {
		return nil, 0, err
	}
	p.identify(first, actor.Account, tx)
	if err := p.write(tx); err != nil {
		return nil, 0, err
	}
	return list, len(p.vouchers), p.tell(tx, actor.Account)
}

// addAll adds drafts to a posting; list gets the vouchers, those that were there among them. Nothing to
// add is no posting.
func (l *Ledger) addAll(r store.Reader, drafts []Draft, list []Voucher) (p *posting, err error) {
	files := attachments{}
	for i, d := range drafts {
		if findings := d.Envelope(); fault.Stops(findings) {
			return nil, fault.New(fault.Invalid, "ledger.invalid").With(findings)
		}
		if err := files.check(r, d); err != nil {
			return nil, err
		}
		v := &list[i]
		if *v, err = d.Voucher(); err != nil {
			return nil, err
		}
		if p == nil {
			if p, err = l.postingInto(r, d.Book, v); err != nil {
				return nil, err
			}
			if err := p.foresee(drafts[1:]); err != nil {
				return nil, err
			}
		}
		same, err := p.source(d.Source)
		if err != nil {
			return nil, err
		}
		switch {
		case same > 0:
			if list[i], err = getVoucher(r, VoucherRef{Home: d.Book.Home, ID: same}); err != nil {
				return nil, err
			}
			continue
		case same < 0: // twice in one call
			return nil, fault.New(fault.Conflict, "ledger.source_taken", d.Source)
		}
		if d.Source != "" {
			p.sources[d.Source] = -1
		}
		if err := p.add(v, d.Postings); err != nil {
			return nil, err
		}
	}
	if len(p.vouchers) == 0 {
		return nil, nil
	}
	return p, nil
}

// identify gives new vouchers their ids, and their postings.
func (p *posting) identify(first, account int64, tx *store.Tx) {
	line := 0
	for i, v := range p.vouchers {
		v.ID, v.Maker, v.Entered, v.PostedAt = first+int64(i), account, tx.Now(), tx.Now()
		for ; line < len(p.lines) && (line == 0 || p.lines[line].Line > p.lines[line-1].Line ||
			p.lines[line-1].Voucher != v.ID); line++ {
			p.lines[line].Voucher = v.ID
		}
	}
}

// Forecast is what checking a draft would do.
type Forecast struct {
	Refusal  error           // nil: it would be posted
	Word     string          // the number it would get now
	Balances []book.Balance  // of the accounts it touches, afterwards
	Warnings []fault.Finding // what does not stand against it: balances above their limit
}

// DryRun says what Check would do with a draft by another person, were it entered and checked now.
func (l *Ledger) DryRun(r store.Reader, actor access.Actor, d Draft) (Forecast, error) {
	d = d.Tidy()
	b, err := Get(r, d.Book)
	if err != nil {
		return Forecast{}, err
	}
	if err := l.host.Access.Require(actor, MayEnter, b.Place); err != nil {
		return Forecast{}, err
	}
	f, err := l.forecast(r, b, d)
	if err != nil && refusal.Is(err) {
		return Forecast{Refusal: err}, nil
	}
	return f, err
}

func (l *Ledger) forecast(r store.Reader, b Book, d Draft) (Forecast, error) {
	if err := l.enterable(b, d); err != nil {
		return Forecast{}, err
	}
	if err := (attachments{}).check(r, d); err != nil {
		return Forecast{}, err
	}
	v, err := d.Voucher()
	if err != nil {
		return Forecast{}, err
	}
	p, err := l.postingInto(r, d.Book, &v)
	if err != nil {
		return Forecast{}, err
	}
	if same, err := p.source(d.Source); err != nil || same != 0 {
		if err == nil {
			err = fault.New(fault.Conflict, "ledger.source_taken", d.Source)
		}
		return Forecast{}, err
	}
	if err := p.add(&v, d.Postings); err != nil {
		return Forecast{}, err
	}
	f := Forecast{Word: v.Word()}
	if f.Balances, err = l.after(r, p); err != nil {
		return Forecast{}, err
	}
	f.Warnings = l.limits(p, d.Postings)
	return f, nil
}

// after is what would stand on the accounts a posting touches, over everything posted.
func (l *Ledger) after(r store.Reader, p *posting) ([]book.Balance, error) {
	now, err := standing(r, p.book)
	if err != nil {
		return nil, err
	}
	return p.moved.After(now)
}

// limits warns of accounts that the entry brings above what they may hold by a parameter of the pack.
func (l *Ledger) limits(p *posting, list []book.Posting) []fault.Finding {
	return book.CheckLimits(p.chart, p.funds.Balances, list, func(parameter string) (money.Fen, bool) {
		most, err := l.host.Packs.Int(parameter, p.today, l.places.Codes(p.book.Place)...)
		return money.Fen(most), err == nil // not set here: no limit
	})
}
