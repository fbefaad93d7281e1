package contracts

import (
	"context"
	"fmt"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/contracts/record"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// Payment is money that came in under a contract.
type Payment struct {
	Act              // On is the day it came
	Amount money.Fen // above zero
	Into   string    // role of the account: cash, bank
	// Voucher and Line name a posting that is in the books already; then nothing is posted.
	Voucher ledger.VoucherRef
	Line    int
}

// matched is the manner of a receipt whose posting was there before it.
const matched = "matched"

// intoRoles are where money may come in.
var intoRoles = []string{"bank", "cash"}

// Receive takes a payment (permit contracts.receive): a voucher is posted, or a posting that is there is
// matched, and the oldest instalments are settled first.
func (s *Contracts) Receive(ctx context.Context, actor access.Actor, q Payment) (Contract, error) {
	return s.act(ctx, actor, Receiving, q.Act, func(tx *store.Tx, c *Contract) (string, money.Fen, error) {
		if c.State == Drafted {
			return "", 0, fault.New(fault.Conflict, "contracts.state", string(c.State))
		}
		if q.Amount <= 0 {
			f := fault.Wrong("contracts.negative").At("", 0, "amount")
			return "", 0, fault.New(fault.Invalid, "contracts.invalid").With([]fault.Finding{f})
		}
		row := Receipt{Home: c.Home, Contract: c.ID, Day: q.On, Amount: q.Amount,
			Document: strings.TrimSpace(q.Document), Note: strings.TrimSpace(q.Reason)}
		var err error
		if row.ID, err = tx.NextID(c.Home, "contract_receipt"); err != nil {
			return "", 0, err
		}
		if q.Voucher.ID != 0 {
			err = s.match(tx, *c, q, &row)
		} else {
			err = s.bookReceipt(tx, actor, *c, q, &row)
		}
		if err != nil {
			return "", 0, err
		}
		if c.Received, err = c.Received.Add(q.Amount); err != nil {
			return "", 0, err
		}
		if err := receiptTable.Insert(tx, &row); err != nil {
			return "", 0, err
		}
		return "received", q.Amount, settleAgain(tx, *c)
	})
}

// settleAgain spreads what was received over the instalments.
func settleAgain(tx *store.Tx, c Contract) error {
	rows, err := DuesOf(tx, c.Ref())
	if err != nil {
		return err
	}
	before := append([]DueRow(nil), rows...)
	record.Spread(rows, c.Received)
	for i := range rows {
		if rows[i] != before[i] {
			if err := dueTable.Update(tx, &rows[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// bookReceipt posts a payment. Without books it is kept without a voucher.
func (s *Contracts) bookReceipt(tx *store.Tx, actor access.Actor, c Contract, q Payment,
	row *Receipt) error {
	a, found, err := s.accountsOf(tx, c, q.On)
	if err != nil {
		return err
	}
	if !found {
		if kind := s.codes.Load().kinds[c.Kind]; !kind.Booked() {
			return fault.New(fault.Conflict, "contracts.no_income")
		}
		return nil
	}
	role := q.Into
	if role == "" {
		role = intoRoles[0]
	}
	into, known := a.chart.Role(role)
	if !known || role != intoRoles[0] && role != intoRoles[1] {
		return fault.New(fault.Invalid, "contracts.into")
	}
	d, said := s.dimensions(tx, c), "收%s 合同%s款"
	if a.side < 0 {
		said = "付%s 合同%s款"
	}
	v, _, err := s.books.PostFor(tx, actor, ledger.Draft{Book: a.book.Ref(), Date: q.On,
		Summary: record.Clip(fmt.Sprintf(said, c.Party, c.Number)),
		Source:  fmt.Sprintf("%s/receipt/%d", Subject(c.ID), row.ID),
		Postings: []book.Posting{{Account: into.Code, Amount: q.Amount * a.side},
			{Account: a.claim, Amount: -q.Amount * a.side, Dimensions: d}}})
	row.Manner, row.Voucher = role, v.ID
	return err
}

// match takes a posting of the books as the payment: on the claim account, in favour of the same
// counterparty, of the same amount, and not taken by another payment.
func (s *Contracts) match(tx *store.Tx, c Contract, q Payment, row *Receipt) error {
	wrong := fault.New(fault.Conflict, "contracts.unmatched")
	v, lines, err := ledger.VoucherOf(tx, q.Voucher)
	if err != nil {
		return err
	}
	a, found, err := s.accountsOf(tx, c, v.Date)
	if err != nil {
		return err
	}
	if !found || v.Home != c.Home || v.Book != a.book.ID || v.Status != ledger.Posted {
		return wrong
	}
	for _, line := range lines {
		if q.Line != 0 && line.Line != q.Line || line.Account != a.claim ||
			line.Amount != -q.Amount*a.side ||
			line.Counterparty != c.Party {
			continue
		}
		taken, err := store.Count(tx, `SELECT count(*) FROM contract_receipt WHERE home = ? AND voucher = ?
			AND (line = ? OR line = 0)`, c.Home, v.ID, line.Line)
		if err != nil {
			return err
		}
		if taken == 0 {
			row.Manner, row.Voucher, row.Line, row.Day = matched, v.ID, line.Line, v.Date
			return nil
		}
	}
	return wrong
}

// GivingUp is an instalment to be written off: with evidence, the members' decision and the township's
// approval.
type GivingUp struct {
	Act
	Due      int64 // number of the instalment
	Amount   money.Fen
	Decision string
	Approval string
}

// WriteOff takes a claim off the books (permit contracts.write_off): debit other expense, credit the
// claim. It stays on the list of what can still be claimed.
func (s *Contracts) WriteOff(ctx context.Context, actor access.Actor, q GivingUp) (Contract, error) {
	return s.act(ctx, actor, WritingOff, q.Act, func(tx *store.Tx, c *Contract) (string, money.Fen, error) {
		q.Decision, q.Approval = strings.TrimSpace(q.Decision), strings.TrimSpace(q.Approval)
		if err := q.proved(); err != nil {
			return "", 0, err
		}
		if s.pays(c.Kind) {
			return "", 0, fault.New(fault.Conflict, "contracts.write_off_owed")
		}
		if q.Decision == "" || q.Approval == "" {
			return "", 0, fault.New(fault.Invalid, "contracts.write_off")
		}
		due, found, err := dueTable.First(tx, "WHERE home = ? AND contract = ? AND number = ?", c.Home,
			c.ID, q.Due)
		if err != nil {
			return "", 0, err
		}
		if !found || q.Amount <= 0 || q.Amount > due.Open() {
			return "", 0, fault.New(fault.Invalid, "contracts.write_off_amount", due.Open().String())
		}
		row := WriteOff{Home: c.Home, Contract: c.ID, Due: q.Due, Day: q.On, Amount: q.Amount,
			Evidence: strings.TrimSpace(q.Document), Decision: q.Decision, Approval: q.Approval}
		if row.ID, err = tx.NextID(c.Home, "contract_write_off"); err != nil {
			return "", 0, err
		}
		if err := s.bookWriteOff(tx, actor, *c, due, &row); err != nil {
			return "", 0, err
		}
		if err := writeOffTable.Insert(tx, &row); err != nil {
			return "", 0, err
		}
		due.Written += q.Amount
		return "written_off", q.Amount, dueTable.Update(tx, &due)
	})
}

// bookWriteOff posts what is given up of an instalment that is in the books.
func (s *Contracts) bookWriteOff(tx *store.Tx, actor access.Actor, c Contract, due DueRow,
	row *WriteOff) error {
	a, found, err := s.accountsOf(tx, c, row.Day)
	if err != nil || !found || due.Booked == 0 {
		return err
	}
	expense, known := a.chart.Role(roleOtherExpense)
	if !known {
		return fault.New(fault.Conflict, "contracts.no_role", roleOtherExpense)
	}
	d := s.dimensions(tx, c)
	v, _, err := s.books.PostFor(tx, actor, ledger.Draft{Book: a.book.Ref(), Date: row.Day,
		Summary: record.Clip(fmt.Sprintf("核销%s 合同%s坏账", c.Party, c.Number)),
		Source:  fmt.Sprintf("%s/written/%d", Subject(c.ID), row.ID),
		Postings: []book.Posting{{Account: expense.Code, Amount: row.Amount, Dimensions: d},
			{Account: a.claim, Amount: -row.Amount, Dimensions: d}}})
	row.Voucher = v.ID
	return err
}
