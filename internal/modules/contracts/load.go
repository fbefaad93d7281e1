package contracts

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/contracts/record"
	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// loadRows is how many contracts Load enters with one event.
const loadRows = 2000

// Loaded is a contract that is taken over as it stands: Home, Organisation, Place, State and what a
// contract says of itself. Instalments and payments of the past come with it; their vouchers, if there
// are any, are in the books already, so nothing is posted.
type Loaded struct {
	Entry
	// Booked is the voucher of an instalment by its day; 0: none. nil: instalments count as booked
	// elsewhere, in opening balances.
	Booked   func(due schedule.Due) int64
	Payments []LoadedPayment
	Returned period.Date // what was let came back; "" not
}

// LoadedPayment is a payment of the past.
type LoadedPayment = record.Payment

type loadedBody struct {
	From      int64 `json:"from"`
	To        int64 `json:"to"`
	Contracts int   `json:"contracts"`
}

// Load enters many contracts at once, for a city that takes over its books or builds a demonstration.
// Each is checked as Enter checks it; they are entered in portions of one home, an event a portion, and a
// loaded contract has no line of history of its own. Its instalments are those of its schedule up to
// today; the next run goes on from there. progress, unless nil, is told how many are done. The ids come
// in the order of the contracts.
//
// Only the program itself may load. Give a county's contracts at a time: all are held in memory.
func (s *Contracts) Load(ctx context.Context, all []Loaded, progress func(done int)) ([]int64, error) {
	if !access.From(ctx).Program {
		return nil, fault.New(fault.Forbidden, "access.forbidden")
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(all[a].Home, all[b].Home) })
	ids := make([]int64, len(all))
	for first := 0; first < len(order); {
		end := first
		for end < len(order) && end-first < loadRows && all[order[end]].Home == all[order[first]].Home {
			end++
		}
		if err := s.loadPortion(ctx, all, order[first:end], ids); err != nil {
			return nil, err
		}
		if first = end; progress != nil {
			progress(first)
		}
	}
	return ids, nil
}

// portion is the rows of contracts of one home.
type portion struct {
	contracts []Contract
	objects   []Object
	dues      []DueRow
	receipts  []Receipt
	paying    []payingRow
}

func (s *Contracts) loadPortion(ctx context.Context, all []Loaded, which []int, ids []int64) error {
	home := all[which[0]].Home
	for _, n := range which {
		e := &all[n]
		if e.Organisation == 0 || e.Place == 0 {
			return fmt.Errorf("contracts: the contract %q to be loaded has no owner or no place", e.Name)
		}
		if found := s.Check(&e.Entry); fault.Stops(found) {
			return fault.New(fault.Invalid, "contracts.invalid").With(found)
		}
	}
	return s.host.Store.Write(ctx, func(tx *store.Tx) error {
		first, err := tx.NextIDs(home, "contract", int64(len(which)))
		if err != nil {
			return err
		}
		payments := int64(0)
		for _, n := range which {
			payments += int64(len(all[n].Payments))
		}
		receipt := int64(0)
		if payments > 0 {
			if receipt, err = tx.NextIDs(home, "contract_receipt", payments); err != nil {
				return err
			}
		}
		var p portion
		for i, n := range which {
			ids[n] = first + int64(i)
			if err := s.stand(&p, all[n], ids[n], &receipt); err != nil {
				return err
			}
		}
		if err := p.write(tx); err != nil {
			return err
		}
		if err := noteUnpaid(tx, home, first, first+int64(len(which))-1); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: home, Kind: "contract.loaded", Subject: Subject(first),
			Body: loadedBody{first, first + int64(len(which)) - 1, len(which)}})
		return err
	})
}

// write writes the rows of a portion.
func (p *portion) write(tx *store.Tx) error {
	if err := contractTable.Bulk(tx, p.contracts); err != nil {
		return err
	}
	if err := objectTable.Bulk(tx, p.objects); err != nil {
		return err
	}
	if err := dueTable.Bulk(tx, p.dues); err != nil {
		return err
	}
	if err := payingTable.Bulk(tx, p.paying); err != nil {
		return err
	}
	return receiptTable.Bulk(tx, p.receipts)
}

// stand adds the rows of one contract as it stands today.
func (s *Contracts) stand(p *portion, e Loaded, id int64, receipt *int64) error {
	today := s.host.Today()
	c := e.Contract
	c.ID, c.Version, c.Ended, c.NextDue, c.Received = id, 1, period.Open, period.Open, 0
	if c.Number == "" {
		c.Number = fmt.Sprint("HT", id)
	}
	switch {
	case e.Returned != "":
		c.State, c.Ended = Ended, e.Returned
	case c.Signed == "":
		c.State = Drafted
	case c.Ends < today:
		c.State = ExpiredInUse
	default:
		c.State = InForce
	}
	if c.State != Drafted {
		plan, err := schedule.Plan(e.Schedule)
		if err != nil {
			return err
		}
		p.dues = append(p.dues, e.duesOf(&c, plan, today, receipt, p)...)
		if c.State.Running() {
			c.NextDue = schedule.Next(plan, max(today, c.ClaimsFrom.AddDays(-1)))
		}
	}
	for i, o := range e.Objects {
		p.objects = append(p.objects, Object{Home: c.Home, Contract: id, Number: int64(i + 1), Version: 1,
			Object: o.Object, Share: o.Share, Begins: c.Begins, Ends: c.State.LastDay(c.Ends, c.Ended),
			Live: c.State != Drafted})
	}
	if s.pays(c.Kind) {
		p.paying = append(p.paying, payingRow{c.Home, id})
	}
	p.contracts = append(p.contracts, c)
	return nil
}

// duesOf are the instalments of a loaded contract up to today, settled by its payments.
func (e Loaded) duesOf(c *Contract, plan []schedule.Due, today period.Date, receipt *int64,
	p *portion) []DueRow {
	for _, paid := range e.Payments {
		c.Received += paid.Amount
		p.receipts = append(p.receipts, Receipt{Home: c.Home, ID: *receipt, Version: 1, Contract: c.ID,
			Day: paid.Day, Amount: paid.Amount, Voucher: paid.Voucher})
		*receipt++
	}
	rows := record.TakenOver(dueOf(*c, plan, nil, today), plan, e.Booked, record.Before(c.blank(), e.Owed,
		c.Begins, c.ClaimsFrom))
	record.Spread(rows, c.Received)
	return rows
}
