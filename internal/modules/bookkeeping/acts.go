package bookkeeping

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// fileSubject begins the subject of files on vouchers: voucher/12.
const fileSubject = "voucher"

func subject(voucher int64) string { return fileSubject + "/" + strconv.FormatInt(voucher, 10) }

// acted is the voucher of a posted form at the version that the form was made for.
func (s *Bookkeeping) acted(r *web.Request, permit access.Permit) (askedVoucher, int64, error) {
	if err := r.Posted(); err != nil {
		return askedVoucher{}, 0, err
	}
	q, err := s.askedVoucher(r, permit)
	if err != nil {
		return q, 0, err
	}
	version, err := r.Number("version")
	if err == nil && version == 0 {
		err = fault.New(fault.Stale, "store.stale")
	}
	return q, version, err
}

// check posts a draft.
func (s *Bookkeeping) check(r *web.Request) (web.Answer, error) {
	q, version, err := s.acted(r, ledger.MayCheck)
	if err != nil {
		return nil, err
	}
	if _, err := s.ledger.Check(r.Context(), r.Actor, q.Voucher.Ref(), version); err != nil {
		return nil, err
	}
	if r.Field("act") == "next" {
		return s.nextDraft(r, q)
	}
	return done(VoucherAddress(q.Voucher.Ref()), "checked"), nil
}

// nextDraft leads to the next draft that waits in the same books.
func (s *Bookkeeping) nextDraft(r *web.Request, q askedVoucher) (web.Answer, error) {
	list, err := s.waiting(r.Context(), q.opened, 1)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return done(Address(q.opened.Ref()), "all_checked"), nil
	}
	return done(VoucherAddress(list[0].Ref()), "checked"), nil
}

// giveBack returns a draft to its maker.
func (s *Bookkeeping) giveBack(r *web.Request) (web.Answer, error) {
	q, version, err := s.acted(r, ledger.MayCheck)
	if err != nil {
		return nil, err
	}
	if _, err := s.ledger.Return(r.Context(), r.Actor, q.Voucher.Ref(), version,
		r.Field("reason")); err != nil {
		return nil, err
	}
	return done(VoucherAddress(q.Voucher.Ref()), "returned"), nil
}

// discard takes a draft away.
func (s *Bookkeeping) discard(r *web.Request) (web.Answer, error) {
	q, version, err := s.acted(r, ledger.MayEnter)
	if err != nil {
		return nil, err
	}
	if err := s.ledger.Discard(r.Context(), r.Actor, q.Voucher.Ref(), version); err != nil {
		return nil, err
	}
	return done(Address(q.opened.Ref()), "discarded"), nil
}

// reverse takes a posted voucher back in red, as a draft that another person checks.
func (s *Bookkeeping) reverse(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	q, err := s.askedVoucher(r, ledger.MayEnter)
	if err != nil {
		return nil, err
	}
	on, err := r.Date("on")
	if err != nil {
		return nil, err
	}
	made, err := s.ledger.Reverse(r.Context(), r.Actor, q.Voucher.Ref(), on, r.Field("reason"))
	if err != nil {
		return nil, err
	}
	return done(VoucherAddress(made.Ref()), "reversing"), nil
}

// attach puts a file on a draft: its bytes are kept, and its hash becomes part of the voucher.
func (s *Bookkeeping) attach(r *web.Request) (web.Answer, error) {
	file, header, err := r.RequireUpload("file")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	q, err := s.askedVoucher(r, ledger.MayEnter)
	if err != nil {
		return nil, err
	}
	version, err := r.Number("version")
	if err != nil {
		return nil, err
	}
	if q.Status == ledger.Posted {
		return nil, fault.New(fault.Conflict, "books.posted")
	}
	blob, err := s.host.Files.Put(r.Context(), header.Filename, file)
	if err != nil {
		return nil, err
	}
	if slices.Contains(q.FileHashes(), blob.Hash) {
		return nil, fault.New(fault.Conflict, "books.file_twice", blob.Name)
	}
	if err := s.keep(r, q, blob); err != nil {
		return nil, err
	}
	d := draftOf(q)
	d.Source, d.Attachments = q.Source, append(d.Attachments, blob.Hash)
	if _, err := s.ledger.Amend(r.Context(), r.Actor, q.Voucher.Ref(), version, d); err != nil {
		return nil, err
	}
	return done(VoucherAddress(q.Voucher.Ref()), "attached"), nil
}

// keep makes the bytes evidence of the voucher. They show on it once the voucher names their hash.
func (s *Bookkeeping) keep(r *web.Request, q askedVoucher, blob files.Blob) error {
	return s.host.Store.Write(r.Context(), func(tx *store.Tx) error {
		_, err := s.host.Files.Attach(tx, blob, files.Belongs{Home: q.Voucher.Home,
			Subject: subject(q.Voucher.ID), Place: q.Place, Purpose: fileSubject, Actor: r.Actor.Account})
		if err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: q.Voucher.Home, Kind: "voucher.file_added",
			Subject: subject(q.Voucher.ID), Place: q.Place, Actor: r.Actor.Account})
		return err
	})
}

// manyMax is how many vouchers a form may decide on.
const manyMax = 200

// chosen are the drafts ticked in a list, each with the version it was seen at: 12-3.
func chosen(form url.Values, home int64) ([]ledger.ToCheck, error) {
	rows := form["row"]
	if len(rows) == 0 {
		return nil, fault.New(fault.Invalid, "books.none_chosen")
	}
	if len(rows) > manyMax {
		return nil, fault.New(fault.TooLarge, "books.too_many", manyMax)
	}
	var list []ledger.ToCheck
	for _, row := range rows {
		id, version, _ := strings.Cut(row, "-")
		n, err := web.Number("row", id)
		if err != nil {
			return nil, err
		}
		v, err := web.Number("row", version)
		if err != nil {
			return nil, err
		}
		list = append(list, ledger.ToCheck{Ref: ledger.VoucherRef{Home: home, ID: n}, Version: v})
	}
	return list, nil
}

// manyView is what became of many vouchers.
type manyView struct {
	Done    int
	Refused []refusedView
	Back    string
	What    string // dictionary key of what was done
}

// refusedView is one that was not decided, and why.
type refusedView struct {
	Address, Summary, Date string
	Why                    string
}

// why explains a refusal with what it found: which account, which line.
func why(r *web.Request, err error) string {
	f := fault.Of(err)
	text := r.Explain(f)
	for _, finding := range f.Findings {
		text += " " + r.T(finding.Key, finding.Args...)
	}
	return text
}

// checkMany posts all that were ticked. Those that cannot be are named.
func (s *Bookkeeping) checkMany(r *web.Request) (web.Answer, error) {
	o, list, err := s.many(r)
	if err != nil {
		return nil, err
	}
	outcomes, err := s.ledger.CheckMany(r.Context(), r.Actor, list)
	if err != nil {
		return nil, err
	}
	return s.decided(r, o, outcomes, "books.many.checked")
}

// returnMany returns all that were ticked, each with the reason given.
func (s *Bookkeeping) returnMany(r *web.Request) (web.Answer, error) {
	o, list, err := s.many(r)
	if err != nil {
		return nil, err
	}
	var outcomes []ledger.Outcome
	for _, c := range list {
		reason := r.Field("reason-" + strconv.FormatInt(c.Ref.ID, 10))
		if reason == "" {
			reason = r.Field("reason")
		}
		v, err := s.ledger.Return(r.Context(), r.Actor, c.Ref, c.Version, reason)
		if f := fault.Of(err); f != nil && (f.Code == fault.Internal || f.Code == fault.Unavailable) {
			return nil, err
		}
		outcomes = append(outcomes, ledger.Outcome{Ref: c.Ref, Voucher: v, Err: err})
	}
	return s.decided(r, o, outcomes, "books.many.returned")
}

func (s *Bookkeeping) many(r *web.Request) (opened, []ledger.ToCheck, error) {
	if err := r.Posted(); err != nil {
		return opened{}, nil, err
	}
	o, err := s.asked(r, ledger.MayCheck)
	if err != nil {
		return o, nil, err
	}
	list, err := chosen(r.PostForm, o.Home)
	return o, list, err
}

// decided tells what became of each.
func (s *Bookkeeping) decided(r *web.Request, o opened, outcomes []ledger.Outcome, what string) (web.Answer,
	error) {
	v := manyView{Back: Address(o.Ref()), What: what}
	for _, out := range outcomes {
		if out.Err == nil {
			v.Done++
			continue
		}
		one := refusedView{Address: VoucherAddress(out.Ref), Why: why(r, out.Err)}
		err := s.host.Store.View(r.Context(), func(w *store.View) error {
			q, err := s.voucherIn(w, r.Actor, ledger.MayRead, out.Ref)
			one.Summary, one.Date = q.Summary, string(q.Voucher.Date)
			return err
		})
		if fault.Is(err, fault.NotFound) {
			one.Address, err = "", nil
		}
		if err != nil {
			return nil, err
		}
		v.Refused = append(v.Refused, one)
	}
	if len(v.Refused) == 0 {
		return done(v.Back, strings.TrimPrefix(what, "books.")), nil
	}
	return web.View("bookkeeping/many", web.Page{Title: r.T(what), Data: v, Place: o.Place,
		Trail: trail(r, o)}), nil
}
