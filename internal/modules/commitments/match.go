package commitments

import (
	"fmt"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/commitments/pairing"
	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// roleOf is the key of a kind that is repaid.
var roleOf = map[Kind]string{Loan: roleLoan, Lending: roleLending}

// sideOf is the side on which a voucher moves the accounts of a key: 1 debit, -1 credit.
var sideOf = map[string]money.Fen{roleLoan: 1, roleLending: -1,
	roleTransfer: -1}

// claim is what is to be taken of a voucher.
type claim struct {
	owner  registry.Ref
	role   string
	amount money.Fen
}

// accountsOf are the bookable accounts of a key under a chart. None: the chart has no such role.
func (s *Commitments) accountsOf(chart *book.Chart, key string) []string {
	var all []string
	for _, role := range s.codes.Load().roles[key] {
		if account, known := chart.Role(role); known {
			all = append(all, chart.Leaves(account.Code)...)
		}
	}
	return all
}

// offered is what a voucher moved on the accounts of a key, and its day. It refuses a voucher of somebody
// else's books, a draft, and one that was reversed.
func (s *Commitments) offered(r store.Reader, voucher ledger.VoucherRef, c claim) (money.Fen, period.Date,
	error) {
	wrong := fault.New(fault.Conflict, "commitments.no_voucher", voucher.String())
	v, lines, err := ledger.VoucherOf(r, voucher)
	if fault.Is(err, fault.NotFound) {
		return 0, "", wrong
	}
	if err != nil {
		return 0, "", err
	}
	b, err := ledger.Get(r, v.BookRef())
	if err != nil {
		return 0, "", err
	}
	chart, known := s.books.Charts().Get(b.Chart)
	if v.Home != c.owner.Home || b.Organisation != c.owner.ID || v.Status != ledger.Posted ||
		v.ReversedBy != 0 || v.Reverses != 0 || !known {
		return 0, "", wrong
	}
	counts := map[string]bool{}
	for _, code := range s.accountsOf(chart, c.role) {
		counts[code] = true
	}
	var moved money.Fen
	for _, l := range lines {
		if counts[l.Account] {
			if moved, err = moved.Add(l.Amount); err != nil {
				return 0, "", err
			}
		}
	}
	return moved * sideOf[c.role], v.Date, nil
}

// take takes an amount of a voucher, if it offers that much beside what others take, and answers its day.
func (s *Commitments) take(tx *store.Tx, voucher ledger.VoucherRef, c claim) (period.Date, error) {
	moved, day, err := s.offered(tx, voucher, c)
	if err != nil {
		return "", err
	}
	if err := addTaken(tx, takenRow{c.owner.Home, voucher.ID, c.role, c.amount}); err != nil {
		return "", err
	}
	row, _, err := takenTable.First(tx, "WHERE home = ? AND voucher = ? AND role = ?", c.owner.Home,
		voucher.ID, c.role)
	if err != nil {
		return "", err
	}
	if row.Amount > moved {
		return "", fault.New(fault.Conflict, "commitments.not_covered",
			max(0, moved-(row.Amount-c.amount)).String())
	}
	return day, nil
}

// addTaken adds to what is taken of a voucher. Whoever else does waits here until the first has done.
func addTaken(tx *store.Tx, row takenRow) error {
	_, err := tx.Exec(`INSERT INTO commitment_taken (home, voucher, role, amount) VALUES (?, ?, ?, ?)
		ON CONFLICT (home, voucher, role) DO UPDATE SET amount = commitment_taken.amount + excluded.amount`,
		row.Home, row.Voucher, row.Role, row.Amount)
	return err
}

// giveBack takes less of a voucher; 0 names none.
func giveBack(tx *store.Tx, home, voucher int64, role string, amount money.Fen) error {
	if voucher == 0 {
		return nil
	}
	return addTaken(tx, takenRow{home, voucher, role, -amount})
}

// Offer is a voucher of an organisation that moved the accounts of a key, with what is left to take of it.
type Offer struct {
	Voucher int64       `db:"voucher"`
	Day     period.Date `db:"day"`
	Amount  money.Fen   `db:"amount"`
	Taken   money.Fen   `db:"taken"`
	Series  string      `db:"series"`
	Number  int64       `db:"number"`
	Summary string      `db:"summary"`
}

// Left is what can still be taken.
func (o Offer) Left() money.Fen { return o.Amount - o.Taken }

// Word is the number of the voucher as it is printed: 记-12.
func (o Offer) Word() string { return fmt.Sprintf("%s-%d", o.Series, o.Number) }

// offersMax is how many vouchers of an organisation are looked through at most.
const offersMax = 2000

// offers lists the vouchers of an organisation from a day on that moved the accounts of a key in the
// direction that fits, with something left to take, by day.
func (s *Commitments) offers(r store.Reader, owner registry.Ref, key string,
	from period.Date) ([]Offer, error) {
	books, err := ledger.BooksOf(r, owner)
	if err != nil {
		return nil, err
	}
	var all []Offer
	for i := len(books) - 1; i >= 0; i-- {
		b := books[i]
		chart, known := s.books.Charts().Get(b.Chart)
		if !known || b.Until <= from {
			continue
		}
		accounts := s.accountsOf(chart, key)
		if len(accounts) == 0 {
			continue
		}
		side := int64(sideOf[key])
		args := []any{side, key, b.Home, b.ID}
		for _, code := range accounts {
			args = append(args, code)
		}
		list, err := store.All[Offer](r, offersText+" AND p.account IN (?"+
			strings.Repeat(", ?", len(accounts)-1)+`) AND p.date >= ?
			GROUP BY p.voucher, p.date, v.series, v.number, v.summary, t.amount
			HAVING sum(p.amount) * ? > coalesce(t.amount, 0) ORDER BY p.date, p.voucher LIMIT ?`,
			append(args, from, side, offersMax)...)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

const offersText = `SELECT p.voucher, p.date AS day, CAST(sum(p.amount) * ? AS BIGINT) AS amount,
	coalesce(t.amount, 0) AS taken, v.series, v.number, v.summary
	FROM ledger_posting p JOIN ledger_voucher v ON v.home = p.home AND v.id = p.voucher
	LEFT JOIN commitment_taken t ON t.home = p.home AND t.voucher = p.voucher AND t.role = ?
	WHERE p.home = ? AND p.book = ? AND NOT p.closing AND v.reversed_by = 0 AND v.reverses = 0`

// matchOwner matches the open transfers of an organisation with its vouchers, after undoing what rests on a
// voucher that was reversed. It says how many it changed.
func (s *Commitments) matchOwner(tx *store.Tx, owner registry.Ref) (int, error) {
	changed, err := s.undoReversed(tx, owner)
	if err == nil {
		changed, err = s.undoRepayments(tx, owner, changed)
	}
	if err != nil {
		return changed, err
	}
	open, err := transferTable.All(tx, `WHERE home = ? AND organisation = ? AND course = 'announced'
		ORDER BY day, id`, owner.Home, owner.ID)
	if err != nil || len(open) == 0 {
		return changed, err
	}
	offers, err := s.offers(tx, owner, roleTransfer, open[0].Day)
	if err != nil {
		return changed, err
	}
	var claims, whole []pairing.Item
	byID := map[int64]*Transfer{}
	for i := range open {
		t := &open[i]
		byID[t.ID] = t
		claims = append(claims, pairing.Item{ID: t.ID, Amount: t.Amount, Day: t.Day})
	}
	days := map[int64]period.Date{}
	for _, o := range offers {
		if o.Taken == 0 {
			whole = append(whole, pairing.Item{ID: o.Voucher, Amount: o.Amount, Day: o.Day})
			days[o.Voucher] = o.Day
		}
	}
	for _, p := range pairing.Match(claims, whole) {
		t := byID[p.Claim]
		if err := addTaken(tx, takenRow{t.Home, p.Offer, roleTransfer, t.Amount}); err != nil {
			return changed, err
		}
		t.Course, t.Voucher, t.Booked, t.Manner = Matched, p.Offer, days[p.Offer], record.Nightly
		err := s.keep(tx, t, Change{Kind: "matched", Amount: t.Amount, Voucher: t.Voucher})
		if err != nil {
			return changed, err
		}
		changed++
	}
	return changed, nil
}

// keep writes a transfer that the program changed, with event and history.
func (s *Commitments) keep(tx *store.Tx, t *Transfer, h Change) error {
	if err := transferTable.Update(tx, t); err != nil {
		return err
	}
	h.Happened = s.host.Today()
	return s.noteTransfer(tx, access.Machine, *t, h)
}

// undoReversed opens the transfers of an organisation again whose voucher was reversed.
func (s *Commitments) undoReversed(tx *store.Tx, owner registry.Ref) (int, error) {
	list, err := transferTable.All(tx, `WHERE home = ? AND organisation = ? AND course = 'booked'
		AND EXISTS (SELECT 1 FROM ledger_voucher v WHERE v.home = commitment_transfer.home
			AND v.id = commitment_transfer.voucher AND v.reversed_by > 0) ORDER BY id`, owner.Home, owner.ID)
	if err != nil {
		return 0, err
	}
	for i := range list {
		h, err := unmatch(tx, &list[i])
		if err == nil {
			err = s.keep(tx, &list[i], h)
		}
		if err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

// undoRepayments takes out the repayments of an organisation whose voucher was reversed, and adds them to
// what changed.
func (s *Commitments) undoRepayments(tx *store.Tx, owner registry.Ref, changed int) (int, error) {
	list, err := repaymentTable.All(tx, `WHERE home = ? AND voucher > 0 AND EXISTS (SELECT 1 FROM commitment c
		WHERE c.home = commitment_repayment.home AND c.id = commitment_repayment.commitment
			AND c.organisation = ?) AND EXISTS (SELECT 1 FROM ledger_voucher v
		WHERE v.home = commitment_repayment.home AND v.id = commitment_repayment.voucher
			AND v.reversed_by > 0) ORDER BY id`, owner.Home, owner.ID)
	if err != nil {
		return changed, err
	}
	for i, p := range list {
		c, err := Get(tx, Ref{p.Home, p.Commitment})
		if err != nil {
			return changed + i, err
		}
		h, err := s.undo(tx, &c, p, "reversed")
		if err == nil {
			err = commitmentTable.Update(tx, &c)
		}
		if err != nil {
			return changed + i, err
		}
		h.Happened = s.host.Today()
		if err := s.note(tx, access.Machine, c, h); err != nil {
			return changed + i, err
		}
	}
	return changed + len(list), nil
}
