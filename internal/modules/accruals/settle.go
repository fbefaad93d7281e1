package accruals

import (
	"context"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Claim is what somebody has to make good of a loss.
type Claim struct {
	Row    int64 // of the check
	Amount money.Fen
	Party  string
	Member bool
}

// Deciding books an approved check: on what decision and document, and who makes good what.
type Deciding struct {
	Check    inventory.Ref
	Decision string
	Document string
	Claims   []Claim
}

// Entries are what a check changes in the books.
type Entries struct {
	Found    []book.Posting // through the pending account
	Decided  []book.Posting // off it again, and what never goes through it
	Gain     money.Fen
	Loss     money.Fen
	Claimed  money.Fen
	LeftOver []inventory.Row // no account fits: by hand
	pending  money.Fen       // what Found leaves on the pending account
}

// drafting makes the entries of a check.
type drafting struct {
	Entries
	plan   *plan
	chart  *book.Chart
	first  bool // the organisation's first check
	claims map[int64]Claim
}

// entriesOf makes the entries of the rows of a check under a chart.
func (s *Accruals) entriesOf(chart *book.Chart, rows []inventory.Row, first bool, claims []Claim) (Entries,
	error) {
	d := drafting{plan: s.plan.Load(), chart: chart, first: first, claims: map[int64]Claim{}}
	for _, c := range claims {
		d.claims[c.Row] = c
	}
	for _, w := range rows {
		if w.Gain == 0 && w.Loss == 0 || w.Title != "" && w.Title != clearTitle {
			continue
		}
		if !d.row(w) {
			d.LeftOver = append(d.LeftOver, w)
			continue
		}
		var err error
		if d.Gain, err = d.Gain.Add(w.Gain); err != nil {
			return d.Entries, err
		}
		if d.Loss, err = d.Loss.Add(w.Loss); err != nil {
			return d.Entries, err
		}
	}
	for row := range d.claims {
		return d.Entries, fault.New(fault.Invalid, "accruals.claim", row) // of no loss, or above it
	}
	if d.pending != 0 {
		return d.Entries, fault.New(fault.Internal, "accruals.pending_left", d.pending.String())
	}
	return d.Entries, nil
}

// row makes the entries of one row. False: no account fits.
func (d *drafting) row(w inventory.Row) bool {
	b := d.plan.forms[w.Form]
	switch b.Way {
	case wayThing:
		on, known := d.chart.AssetAccounts(w.Form, string(w.Class))
		if !known || on.Cost == "" {
			role, ok := d.chart.Role(b.Role)
			if !ok {
				return false
			}
			on = book.AssetAccounts{Cost: role.Code}
		}
		return d.thing(w, on)
	case wayClaim:
		role := b.Role
		if debtor := w.Details()["debtor"]; debtor == "member" || debtor == "household" {
			role = b.MemberRole
		}
		return d.straight(w, role, w.Gain-w.Loss)
	case wayDebt:
		return d.straight(w, b.Role, w.Loss-w.Gain)
	}
	return false
}

// thing books a gain or loss of a thing through the pending account.
func (d *drafting) thing(w inventory.Row, on book.AssetAccounts) bool {
	pending, ok := d.chart.Role(rolePending)
	gain, alsoGain := d.chart.Role(d.plan.gainRole(d.first))
	expense, alsoExpense := d.chart.Role(d.plan.expense)
	if !ok || !alsoGain || !alsoExpense {
		return false
	}
	at := book.Dimensions{}
	if w.Asset != 0 {
		at.Asset = ledger.Ref{Home: w.Home, ID: w.Asset}.String()
	}
	add := func(to *[]book.Posting, account string, amount money.Fen) {
		if amount != 0 {
			*to = append(*to, book.Posting{Account: account, Amount: amount,
				Dimensions: at, Note: w.Name})
			if account == pending.Code {
				d.pending += amount
			}
		}
	}
	if w.Gain > 0 {
		add(&d.Found, on.Cost, w.Gain)
		add(&d.Found, pending.Code, -w.Gain)
		add(&d.Decided, pending.Code, w.Gain)
		add(&d.Decided, gain.Code, -w.Gain)
		return true
	}
	written := writtenOff(w)
	if on.Accumulated == "" {
		written = 0
	}
	rest := w.Loss - written
	add(&d.Found, on.Accumulated, written)
	add(&d.Found, pending.Code, rest)
	add(&d.Found, on.Cost, -w.Loss)
	if claim, made := d.claims[w.Number]; made {
		account, known := d.chart.Role(d.plan.claimRole(claim.Member))
		if !known || claim.Amount <= 0 || claim.Amount > rest || strings.TrimSpace(claim.Party) == "" {
			add(&d.Decided, expense.Code, rest)
			add(&d.Decided, pending.Code, -rest)
			return true // the claim stays in the list and is refused
		}
		delete(d.claims, w.Number)
		d.Claimed += claim.Amount
		d.Decided = append(d.Decided, book.Posting{Account: account.Code, Amount: claim.Amount,
			Dimensions: book.Dimensions{Counterparty: claim.Party, Asset: at.Asset}, Note: w.Name})
		add(&d.Decided, expense.Code, rest-claim.Amount)
		add(&d.Decided, pending.Code, -rest)
		return true
	}
	add(&d.Decided, expense.Code, rest)
	add(&d.Decided, pending.Code, -rest)
	return true
}

// writtenOff is what leaves accumulated depreciation with a loss: all of a thing that is gone; of one
// that is worth less only what it can no longer bear, as its card does.
func writtenOff(w inventory.Row) money.Fen {
	if w.Verified == 0 {
		return min(w.WrittenOff, w.Loss)
	}
	return min(max(0, w.WrittenOff-w.Verified), w.Loss)
}

// straight books a claim or a debt against income or expense: they are no things that are found.
// amount is what the books have to debit its account with.
func (d *drafting) straight(w inventory.Row, role string, amount money.Fen) bool {
	account, ok := d.chart.Role(role)
	other := d.plan.expense
	if amount > 0 {
		other = d.plan.gainRole(d.first && w.Gain > 0)
	}
	against, also := d.chart.Role(other)
	if !ok || !also {
		return false
	}
	d.Decided = append(d.Decided, book.Posting{Account: account.Code, Amount: amount,
		Dimensions: book.Dimensions{Counterparty: w.Name}, Note: w.Name},
		book.Posting{Account: against.Code, Amount: -amount, Note: w.Name})
	return true
}

// Settle books an approved check (permit ledger.check): what it found, and what was decided of it.
func (s *Accruals) Settle(ctx context.Context, actor access.Actor, q Deciding) (Booked, error) {
	var done Booked
	err := s.host.Store.Write(ctx, func(tx *store.Tx) error {
		var err error
		done, err = s.settle(access.With(ctx, actor), tx, actor, q)
		return err
	})
	return done, err
}

func (s *Accruals) settle(ctx context.Context, tx *store.Tx, actor access.Actor, q Deciding) (Booked,
	error) {
	c, err := s.checks.See(ctx, tx, q.Check)
	if err != nil {
		return Booked{}, err
	}
	if err := s.host.Access.Require(actor, ledger.MayCheck, c.Place); err != nil {
		return Booked{}, err
	}
	q.Decision, q.Document = strings.TrimSpace(q.Decision), strings.TrimSpace(q.Document)
	if q.Decision == "" || q.Document == "" {
		return Booked{}, fault.New(fault.Invalid, "accruals.undecided")
	}
	if c.Stage != inventory.Approved && c.Stage != inventory.Locked {
		return Booked{}, fault.New(fault.Conflict, "accruals.not_approved")
	}
	if _, booked, err := BookedOf(tx, c.Ref()); err != nil || booked {
		if err == nil {
			err = fault.New(fault.Conflict, "accruals.booked")
		}
		return Booked{}, err
	}
	b, day, err := s.bookFor(tx, c)
	if err != nil {
		return Booked{}, err
	}
	entries, err := s.readEntries(tx, c, b, q.Claims)
	if err != nil {
		return Booked{}, err
	}
	return s.book(tx, actor, booking{q, c, b, day, entries})
}

// booking is a check on its way into the books.
type booking struct {
	Deciding
	check   inventory.Check
	book    ledger.Book
	day     period.Date
	entries Entries
}

// book posts what a check found and what was decided of it, and notes that it did.
func (s *Accruals) book(tx *store.Tx, actor access.Actor, q booking) (Booked, error) {
	c, b, entries := q.check, q.book, q.entries
	day := q.day
	var err error
	row := Booked{Home: c.Home, Check: c.ID, Organisation: c.Organisation, Book: b.ID, Year: c.Year,
		Day:  day,
		Gain: entries.Gain, Loss: entries.Loss, Claimed: entries.Claimed,
		LeftOver: int64(len(entries.LeftOver)), Decision: q.Decision, Document: q.Document}
	year := strconv.Itoa(c.Year)
	if row.Found, err = s.post(tx, actor, ledger.Draft{Book: b.Ref(), Date: day,
		Summary: "资产清查" + year + "盘盈盘亏", Source: "check/" + year + "/found",
		Postings: entries.Found}); err != nil {
		return row, err
	}
	if row.Decided, err = s.post(tx, actor, ledger.Draft{Book: b.Ref(), Date: day,
		Summary: "资产清查" + year + "结果处理（" + q.Decision + "）", Source: "check/" + year + "/decided",
		Postings: entries.Decided}); err != nil {
		return row, err
	}
	if err := bookedTable.Insert(tx, &row); err != nil {
		return row, err
	}
	_, err = tx.Record(store.Event{Home: c.Home, Kind: "check.booked", Subject: "check/" +
		strconv.FormatInt(c.ID, 10), Place: c.Place, Actor: actor.Account, Body: bookedBody{c.Year,
		row.Gain,
		row.Loss, row.Claimed, q.Decision, q.Document}})
	return row, err
}

type bookedBody struct {
	Year     int       `json:"year"`
	Gain     money.Fen `json:"gain_fen"`
	Loss     money.Fen `json:"loss_fen"`
	Claimed  money.Fen `json:"claimed_fen"`
	Decision string    `json:"decision"`
	Document string    `json:"document"`
}

// readEntries makes the entries of a check.
func (s *Accruals) readEntries(r store.Reader, c inventory.Check, b ledger.Book, claims []Claim) (Entries,
	error) {
	chart, known := s.books.Charts().Get(b.Chart)
	if !known {
		return Entries{}, fault.New(fault.Unavailable, "accruals.no_chart", b.Chart)
	}
	rows, err := inventory.RowsOf(r, c.Ref())
	if err != nil {
		return Entries{}, err
	}
	first, err := s.checks.First(r, c)
	if err != nil {
		return Entries{}, err
	}
	return s.entriesOf(chart, rows, first, claims)
}

// bookFor finds the books in which a check is booked and the day: that of reference while its month is
// open, else today.
func (s *Accruals) bookFor(r store.Reader, c inventory.Check) (ledger.Book, period.Date, error) {
	owner := ownerRef{c.Home, c.Organisation}
	day := c.Reference
	b, found, err := ledger.Of(r, owner, day)
	if err == nil && (!found || b.Closed >= string(day)[:len("2025-12")]) {
		day = s.host.Today()
		b, found, err = ledger.Of(r, owner, day)
	}
	if err == nil && !found {
		err = fault.New(fault.Conflict, "accruals.no_books")
	}
	return b, day, err
}

// post posts lines, as many vouchers as they need. Without lines there is nothing to post.
func (s *Accruals) post(tx *store.Tx, actor access.Actor, d ledger.Draft) (int64, error) {
	first := int64(0)
	lines := d.Postings
	d.Summary = clip(d.Summary)
	for n, part := range chunks(lines) {
		if d.Postings = part; n > 0 {
			d.Source += "+"
		}
		v, _, err := s.books.PostFor(tx, actor, d)
		if err != nil {
			return first, err
		}
		if first == 0 {
			first = v.ID
		}
	}
	return first, nil
}

// chunks cuts lines where they balance, so that no voucher has more lines than it may.
func chunks(lines []book.Posting) [][]book.Posting {
	var all [][]book.Posting
	from, balanced := 0, 0
	var sum money.Fen
	for i, line := range lines {
		if i-from >= linesMax && balanced > from {
			all = append(all, lines[from:balanced])
			from = balanced
		}
		if sum += line.Amount; sum == 0 {
			balanced = i + 1
		}
	}
	if from < len(lines) {
		all = append(all, lines[from:])
	}
	return all
}

// linesMax is how many lines a voucher of a check has; four more may be needed to balance it.
const linesMax = 200

// clip keeps a summary within what a voucher takes.
func clip(text string) string {
	if r := []rune(text); len(r) > book.SummaryMax {
		return string(r[:book.SummaryMax])
	}
	return text
}
