package banking

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/banking/match"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// MembersMax is how many lines and postings one match may have.
const MembersMax = 100

// Group is lines and postings that shall be one match.
type Group struct {
	Lines    []string // l12
	Postings []string // p7.1
}

// Proposals is what could be the same money, and what is left on both sides.
type Proposals struct {
	Work     Work
	Found    []match.Proposal
	Items    map[string]match.Item
	Lines    []match.Item // in no proposal
	Postings []match.Item
}

// Propose finds what could be the same money up to a day. Nothing changes.
func (s *Banking) Propose(r store.Reader, actor access.Actor, ref Ref, on period.Date) (p Proposals,
	err error) {
	a, err := s.mine(r, actor, MayRead, ref)
	if err != nil {
		return p, err
	}
	if p.Work, err = s.work(r, a, on); err != nil {
		return p, err
	}
	limits, err := s.limits(a)
	if err != nil {
		return p, err
	}
	bank, books := p.Work.unmatched()
	p.Found = match.Propose(bank, books, limits)
	p.Items = map[string]match.Item{}
	proposed := map[string]bool{}
	for _, f := range p.Found {
		for _, id := range slices.Concat(f.Lines, f.Postings) {
			proposed[id] = true
		}
	}
	for i, side := range [][]match.Item{bank, books} {
		for _, item := range side {
			p.Items[item.ID] = item
			switch {
			case proposed[item.ID]:
			case i == 0:
				p.Lines = append(p.Lines, item)
			default:
				p.Postings = append(p.Postings, item)
			}
		}
	}
	return p, nil
}

// limits are parameters of the pack.
func (s *Banking) limits(a Account) (l match.Limits, err error) {
	region := s.places.Codes(a.Place)
	days, err := s.host.Packs.Int("banking.match_days", s.host.Today(), region...)
	if err != nil {
		return l, err
	}
	group, err := s.host.Packs.Int("banking.match_group", s.host.Today(), region...)
	return match.Limits{Days: int(days), Group: int(group)}, err
}

// Confirm makes matches of groups: each sums to the same on both sides, and none of it is matched yet.
// Either all of them hold or none.
func (s *Banking) Confirm(ctx context.Context, actor access.Actor, ref Ref, groups []Group) error {
	if len(groups) == 0 {
		return fault.New(fault.Invalid, "banking.nothing_chosen")
	}
	return s.host.Store.Write(ctx, func(tx *store.Tx) error {
		a, err := s.mine(tx, actor, MayMatch, ref)
		if err != nil {
			return err
		}
		for _, g := range groups {
			m, err := s.matchOf(tx, a, g)
			if err != nil {
				return err
			}
			m.Actor, m.At = actor.Account, tx.Now()
			if err := s.insert(tx, a, m); err != nil {
				return err
			}
		}
		// Of two who confirm at once the second finds another version and looks again.
		if err := accounts.Update(tx, &a); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: a.Home, Kind: "bank_match.confirmed", Subject: subject(a.ID),
			Place: a.Place, Actor: actor.Account, Body: map[string]int{"matches": len(groups)}})
		return err
	})
}

func (s *Banking) insert(tx *store.Tx, a Account, m Match) (err error) {
	if m.ID, err = tx.NextID(a.Home, "bank_match"); err != nil {
		return err
	}
	if err := matches.Insert(tx, &m); err != nil {
		return err
	}
	for _, member := range m.members() {
		if err := matched.Insert(tx, &matchedRow{a.Home, member, m.ID}); err != nil {
			return err
		}
	}
	return nil
}

// matchOf proves a group and makes its match.
func (s *Banking) matchOf(r store.Reader, a Account, g Group) (Match, error) {
	m := Match{Home: a.Home, Account: a.ID, State: Confirmed, Lines: strings.Join(g.Lines, " "),
		Postings: strings.Join(g.Postings, " ")}
	members := m.members()
	if len(members) < 2 || len(members) > MembersMax {
		return m, fault.New(fault.Invalid, "banking.members", MembersMax)
	}
	seen := map[string]bool{}
	for _, member := range members {
		_, taken, err := matched.First(r, "WHERE home = ? AND member = ?", a.Home, member)
		if err != nil {
			return m, err
		}
		if taken || seen[member] {
			return m, fault.New(fault.Conflict, "banking.matched_already")
		}
		seen[member] = true
	}
	bank, err := sumOf(g.Lines, func(id string) (money.Fen, error) { return lineAmount(r, a, id) })
	if err != nil {
		return m, err
	}
	books, err := sumOf(g.Postings, func(id string) (money.Fen, error) { return s.postingAmount(r, a, id) })
	if err != nil {
		return m, err
	}
	if bank != books {
		return m, fault.New(fault.Conflict, "banking.sums_differ", bank, books)
	}
	m.Amount = bank
	return m, nil
}

func sumOf(ids []string, amount func(string) (money.Fen, error)) (sum money.Fen, err error) {
	for _, id := range ids {
		one, err := amount(id)
		if err != nil {
			return 0, err
		}
		if sum, err = sum.Add(one); err != nil {
			return 0, err
		}
	}
	return sum, nil
}

func lineAmount(r store.Reader, a Account, id string) (money.Fen, error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(id, "l"), 10, 64)
	if err != nil || !strings.HasPrefix(id, "l") {
		return 0, fault.New(fault.Invalid, "banking.member", id)
	}
	row, found, err := lines.First(r, "WHERE home = ? AND id = ? AND account = ? AND"+lineHeld, a.Home, n,
		a.ID)
	if err == nil && !found {
		err = fault.New(fault.Invalid, "banking.member", id)
	}
	return row.Amount, err
}

// postingAmount reads a posted line of the account's own deposits.
func (s *Banking) postingAmount(r store.Reader, a Account, id string) (money.Fen, error) {
	wrong := fault.New(fault.Invalid, "banking.member", id)
	voucher, line, found := strings.Cut(strings.TrimPrefix(id, "p"), ".")
	n, errVoucher := strconv.ParseInt(voucher, 10, 64)
	k, errLine := strconv.Atoi(line)
	if errVoucher != nil || errLine != nil || !found || !strings.HasPrefix(id, "p") {
		return 0, wrong
	}
	v, rows, err := ledger.VoucherOf(r, ledger.VoucherRef{Home: a.Home, ID: n})
	if err != nil {
		return 0, err
	}
	b, err := ledger.Get(r, v.BookRef())
	if err != nil {
		return 0, err
	}
	code, err := s.codeIn(r, a, b)
	if err != nil {
		return 0, err
	}
	for _, p := range rows {
		if p.Line == k && p.Account == code && b.Organisation == a.Organisation &&
			v.Status == ledger.Posted && (a.Detail == "" || p.Counterparty == a.Detail) {
			return p.Amount, nil
		}
	}
	return 0, wrong
}

// Undo takes a match back, with a reason.
func (s *Banking) Undo(ctx context.Context, actor access.Actor, ref Ref, id int64, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" || len([]rune(reason)) > explanationMax {
		return fault.New(fault.Invalid, "banking.reason")
	}
	return s.host.Store.Write(ctx, func(tx *store.Tx) error {
		a, err := s.mine(tx, actor, MayMatch, ref)
		if err != nil {
			return err
		}
		m, found, err := matches.First(tx, "WHERE home = ? AND id = ? AND account = ?", ref.Home, id,
			ref.ID)
		if err == nil && (!found || m.State != Confirmed) {
			err = fault.New(fault.Conflict, "banking.not_matched")
		}
		if err != nil {
			return err
		}
		if err := undo(tx, actor, m, reason); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: a.Home, Kind: "bank_match.undone", Subject: subject(a.ID),
			Place: a.Place, Actor: actor.Account, Body: map[string]any{"match": m.ID, "reason": reason}})
		return err
	})
}
