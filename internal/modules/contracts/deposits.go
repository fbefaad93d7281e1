package contracts

import (
	"context"
	"fmt"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/contracts/ageing"
	"github.com/terrace-project/terrace/internal/modules/contracts/record"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// Deposit is a movement of the deposit of a contract.
type Deposit = record.Deposit

var (
	depositTable = store.NewTable[Deposit]("contract_deposit")
	payingTable  = store.NewTable[payingRow]("contract_paying").Unsealed()
	unpaidTable  = store.NewTable[ageing.Unpaid]("contract_unpaid").Unsealed()
)

// payingRow names a contract under which the collective pays.
type payingRow struct {
	Home     int64 `db:"home"`
	Contract int64 `db:"contract,key"`
}

// pays reports whether the collective pays under contracts of a kind.
func (s *Contracts) pays(kind string) bool { return s.codes.Load().kinds[kind].Cost != "" }

// notePaying keeps who pays under a contract.
func (s *Contracts) notePaying(tx *store.Tx, c Contract) error {
	if _, err := tx.Exec("DELETE FROM contract_paying WHERE home = ? AND contract = ?", c.Home,
		c.ID); err != nil || !s.pays(c.Kind) {
		return err
	}
	return payingTable.Insert(tx, &payingRow{c.Home, c.ID})
}

// noteUnpaid keeps what is owed under the contracts of a home from a number up to another.
func noteUnpaid(tx *store.Tx, home, first, last int64) error {
	if err := tx.Queue(ageing.Forget, home, first, last); err != nil {
		return err
	}
	return tx.Queue(ageing.Write, home, first, last)
}

// DepositsOf lists the movements of the deposit of a contract.
func DepositsOf(r store.Reader, ref Ref) ([]Deposit, error) {
	return depositTable.All(r, "WHERE home = ? AND contract = ? ORDER BY id", ref.Home, ref.ID)
}

// DepositMove is a deposit that comes in, goes back, or is kept.
type DepositMove struct {
	Act    // On is the day; Document on what it rests
	Kind   record.DepositKind
	Amount money.Fen // above zero
	Into   string    // role of the account: cash, bank; of one kept nothing moves
}

// MoveDeposit books a movement of the deposit (permit contracts.receive): received it is owed to the other
// side, refunded it is paid back, kept it is income – with the document that says why. No more goes back
// or is kept than is held, and no more comes in than was agreed.
func (s *Contracts) MoveDeposit(ctx context.Context, actor access.Actor, q DepositMove) (Contract, error) {
	return s.act(ctx, actor, Receiving, q.Act, func(tx *store.Tx, c *Contract) (string, money.Fen, error) {
		if c.State == Drafted {
			return "", 0, fault.New(fault.Conflict, "contracts.state", string(c.State))
		}
		list, err := DepositsOf(tx, c.Ref())
		if err != nil {
			return "", 0, err
		}
		if err := s.depositFits(*c, q, record.Held(list)); err != nil {
			return "", 0, err
		}
		row := Deposit{Home: c.Home, Contract: c.ID, Day: q.On, Kind: q.Kind, Amount: q.Amount,
			Document: strings.TrimSpace(q.Document), Note: strings.TrimSpace(q.Reason)}
		if row.ID, err = tx.NextID(c.Home, "contract_deposit"); err != nil {
			return "", 0, err
		}
		if err := s.bookDeposit(tx, actor, *c, q, &row); err != nil {
			return "", 0, err
		}
		return "deposit_" + string(q.Kind), q.Amount, depositTable.Insert(tx, &row)
	})
}

// depositFits refuses a movement that cannot be.
func (s *Contracts) depositFits(c Contract, q DepositMove, held money.Fen) error {
	if s.pays(c.Kind) {
		return fault.New(fault.Conflict, "contracts.deposit_pays")
	}
	agreed := money.Fen(0)
	if phases := c.Phases(); len(phases) > 0 {
		agreed = phases[0].Fee.Deposit
	}
	switch {
	case q.Amount <= 0:
		f := fault.Wrong("contracts.negative").At("", 0, "amount")
		return fault.New(fault.Invalid, "contracts.invalid").With([]fault.Finding{f})
	case q.Kind == record.DepositReceived && agreed > 0 && held+q.Amount > agreed:
		return fault.New(fault.Invalid, "contracts.deposit_over", agreed.String(), held.String())
	case q.Kind != record.DepositReceived && q.Amount > held:
		return fault.New(fault.Invalid, "contracts.deposit_held", held.String())
	case q.Kind == record.DepositKept:
		return q.proved()
	}
	return nil
}

// bookDeposit posts a movement. Without books it is kept without a voucher.
func (s *Contracts) bookDeposit(tx *store.Tx, actor access.Actor, c Contract, q DepositMove,
	row *Deposit) error {
	b, found, err := ledger.Of(tx, c.Owner(), q.On)
	if err != nil || !found {
		return err
	}
	chart, known := s.books.Charts().Get(b.Chart)
	kind := s.codes.Load().kinds[c.Kind]
	owed, there := chart.Role(kind.Deposit)
	if !known || !there {
		return fault.New(fault.Conflict, "contracts.no_role", kind.Deposit)
	}
	role := q.Into
	if q.Kind == record.DepositKept {
		role = kind.DepositKept
	} else if role == "" {
		role = intoRoles[0]
	}
	other, there := chart.Role(role)
	if !there || q.Kind != record.DepositKept && role != intoRoles[0] && role != intoRoles[1] {
		return fault.New(fault.Invalid, "contracts.into")
	}
	amount, said := q.Amount, "退还%s 合同%s押金"
	switch q.Kind {
	case record.DepositReceived:
		amount, said = -q.Amount, "收%s 合同%s押金"
	case record.DepositKept:
		said = "没收%s 合同%s押金"
	}
	d := s.dimensions(tx, c)
	against := book.Posting{Account: other.Code, Amount: -amount}
	if q.Kind == record.DepositKept {
		against.Dimensions = d
	}
	v, _, err := s.books.PostFor(tx, actor, ledger.Draft{Book: b.Ref(), Date: q.On,
		Summary:  record.Clip(fmt.Sprintf(said, c.Party, c.Number)),
		Source:   fmt.Sprintf("%s/deposit/%d", Subject(c.ID), row.ID),
		Postings: []book.Posting{{Account: owed.Code, Amount: amount, Dimensions: d}, against}})
	row.Manner, row.Voucher = role, v.ID
	return err
}

// depositActings are the acts on deposits with their forms.
var depositActings = []acting{
	{name: "deposit-receive", text: "deposit_received", permit: Receiving,
		form: func(f *forms) *form.Definition { return f.depositReceive },
		do:   moving(record.DepositReceived)},
	{name: "deposit-refund", text: "deposit_refunded", permit: Receiving,
		form: func(f *forms) *form.Definition { return f.depositRefund },
		do:   moving(record.DepositRefunded)},
	{name: "deposit-keep", text: "deposit_kept", permit: Receiving, danger: true,
		form: func(f *forms) *form.Definition { return f.depositKeep }, do: moving(record.DepositKept)},
}

// moving takes a movement of a deposit from its form.
func moving(kind record.DepositKind) func(*Contracts, *web.Request, Act, form.Record) (Contract, error) {
	return func(s *Contracts, r *web.Request, q Act, filled form.Record) (Contract, error) {
		m := DepositMove{Act: q, Kind: kind, Amount: filled.Money("amount")}
		if kind != record.DepositKept && filled.Flag("cash") {
			m.Into = intoRoles[1]
		}
		return s.MoveDeposit(r.Context(), r.Actor, m)
	}
}
