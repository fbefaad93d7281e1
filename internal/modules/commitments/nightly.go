package commitments

import (
	"context"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// The jobs: matching of a county's transfers and undoing what rests on reversed vouchers, and the figures of
// the city.
const (
	matchJob   = "commitments.match"
	figuresJob = "commitments.figures"
)

// matchSome is how many organisations one transaction looks at.
const matchSome = 50

// homes are the counties with anything in the register.
func (s *Commitments) homes(ctx context.Context) ([]int64, error) {
	return store.Read(ctx, s.host.Store, func(v *store.View) ([]int64, error) {
		return store.All[int64](v, `SELECT home FROM commitment UNION SELECT home FROM commitment_transfer
			ORDER BY home`)
	})
}

// runMatch is the nightly run of a county. The step is the organisation it has come to.
func (s *Commitments) runMatch(ctx context.Context, run *jobs.Run) error {
	for more := true; more; {
		err := run.Portion(ctx, func(tx *store.Tx, at *jobs.Progress) error {
			after, err := strconv.ParseInt(at.Step, 10, 64)
			if err != nil {
				after = 0
			}
			last, done, err := s.matchPortion(tx, run.Job.Home, after)
			more = last > after
			at.Step, at.Done = strconv.FormatInt(last, 10), at.Done+int64(done)
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.publishYear(ctx, run.Job.Home)
}

// MatchAll matches what can be matched in a county, for a command: how many transfers changed.
func (s *Commitments) MatchAll(ctx context.Context, home int64) (int, error) {
	all := 0
	for after := int64(0); ; {
		var last int64
		n := 0
		err := s.host.Store.Write(ctx, func(tx *store.Tx) (err error) {
			last, n, err = s.matchPortion(tx, home, after)
			return err
		})
		if err != nil {
			return all, err
		}
		all += n
		if last == after {
			return all, s.publishYear(ctx, home)
		}
		after = last
	}
}

// matchPortion matches the transfers of the next organisations of a county. It answers the last of
// them, which is the one before if there are no more.
func (s *Commitments) matchPortion(tx *store.Tx, home, after int64) (last int64, changed int, err error) {
	ids, err := store.All[int64](tx, `SELECT t.organisation FROM commitment_transfer t
		WHERE t.home = ? AND t.organisation > ? AND (t.course = 'announced' OR t.course = 'booked'
			AND EXISTS (SELECT 1 FROM ledger_voucher v WHERE v.home = t.home AND v.id = t.voucher
				AND v.reversed_by > 0))
		UNION SELECT c.organisation FROM commitment_repayment p
		JOIN ledger_voucher v ON v.home = p.home AND v.id = p.voucher AND v.reversed_by > 0
		JOIN commitment c ON c.home = p.home AND c.id = p.commitment
		WHERE p.home = ? AND p.voucher > 0 AND c.organisation > ?
		ORDER BY organisation LIMIT ?`, home, after, home, after, matchSome)
	if err != nil {
		return after, 0, err
	}
	last = after
	for _, id := range ids {
		n, err := s.matchOwner(tx, registry.Ref{Home: home, ID: id})
		if err != nil {
			return last, changed, err
		}
		last, changed = id, changed+n
	}
	return last, changed, nil
}
