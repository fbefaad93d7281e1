package jobs

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Service orders jobs and does them. It is safe for concurrent use.
type Service struct {
	store   *store.Store
	kinds   map[string]Kind
	workers int
	name    string // of this process among those that share the database
	claims  atomic.Int64

	mu      sync.Mutex
	found   []Job             // due when last looked, not yet taken
	busy    map[int64]int     // jobs running here, by home
	ordered map[string]string // kind → the slot last ordered; only the scheduler's
}

// New makes the service of an open store with all kinds there are. It panics on two kinds of one key: a
// bug that the first test finds.
func New(s *store.Store, kinds ...Kind) *Service {
	service := &Service{store: s, kinds: map[string]Kind{}, workers: max(2, runtime.NumCPU()),
		busy: map[int64]int{}, ordered: map[string]string{}}
	for _, k := range append(kinds, service.purgeKind()) {
		if _, twice := service.kinds[k.Key]; twice {
			panic("jobs: two kinds are called " + k.Key)
		}
		service.kinds[k.Key] = k
	}
	name := make([]byte, 8)
	s.Random(name)
	service.name = hex.EncodeToString(name)
	return service
}

// Kinds lists the keys of all kinds, in no order.
func (s *Service) Kinds() []string {
	keys := make([]string, 0, len(s.kinds))
	for key := range s.kinds {
		keys = append(keys, key)
	}
	return keys
}

// insertText leaves alone a job that has the slot already, whichever process put it there.
const insertText = `INSERT INTO job (home, id, kind, slot, subject, place, actor, args, state, step, done,
	total, attempts, run_after, lease_until, lease_by, cancelled_by, error, error_args, created, begun,
	begun_done, finished)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, 0, 0, ?, 0, '', 0, '', '[]', ?, 0, 0, 0)
	ON CONFLICT (home, kind, slot) DO NOTHING`

// Enqueue orders a job in the transaction of the data it is about, and returns its number. With a slot
// that is taken it returns the number of the job that has it.
func (s *Service) Enqueue(tx *store.Tx, o Order) (int64, error) {
	if _, ok := s.kinds[o.Kind]; !ok {
		return 0, fmt.Errorf("jobs: there is no kind %q", o.Kind)
	}
	args, err := json.Marshal(o.Args)
	if err != nil || len(args) > ArgsMax {
		return 0, fmt.Errorf("jobs: the arguments of %s have %d bytes: %v", o.Kind, len(args), err)
	}
	if id, found, err := s.slotted(tx, o); err != nil || found {
		return id, err
	}
	id, err := tx.NextID(o.Home, "job")
	if err != nil {
		return 0, err
	}
	slot := o.Slot
	if slot == "" {
		slot = "#" + strconv.FormatInt(id, 10)
	}
	n, err := tx.Exec(insertText, o.Home, id, o.Kind, slot, o.Subject, o.Place, o.Actor, string(args),
		Waiting, max(o.After, tx.Now()), tx.Now())
	if err != nil || n == 1 {
		return id, err
	}
	id, _, err = s.slotted(tx, o)
	return id, err
}

// slotted finds the job that has the slot of an order.
func (s *Service) slotted(r store.Reader, o Order) (int64, bool, error) {
	if o.Slot == "" {
		return 0, false, nil
	}
	return store.First[int64](r, `SELECT id FROM job WHERE home = ? AND kind = ? AND slot = ?`,
		o.Home, o.Kind, o.Slot)
}

// Get reads a job.
func (s *Service) Get(r store.Reader, home, id int64) (Job, error) {
	job, found, err := table.First(r, `WHERE home = ? AND id = ?`, home, id)
	if err == nil && !found {
		return job, fault.New(fault.NotFound, "jobs.absent")
	}
	return job, err
}

// Cancel asks that a job stop, in the name of an account. One that waits stops at once; one that runs
// saves no further portion and stops as soon as its worker notices, within a third of LeaseTime. The
// caller has made sure that the account may.
func (s *Service) Cancel(ctx context.Context, home, id, account int64) error {
	return s.store.Maintain(ctx, func(tx *store.Tx) error {
		job, err := s.Get(tx, home, id)
		if err != nil {
			return err
		}
		if job.State.Over() {
			return fault.New(fault.Conflict, "jobs.over")
		}
		if _, err := tx.Exec(`UPDATE job SET cancelled_by = ? WHERE home = ? AND id = ?
			AND cancelled_by = 0 AND state IN (?, ?)`, account, home, id, Waiting, Running); err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE job SET state = ?, finished = ? WHERE home = ? AND id = ? AND state = ?`,
			Cancelled, tx.Now(), home, id, Waiting)
		return err
	})
}

// Count is how many jobs are in each state.
func (s *Service) Count(ctx context.Context) (map[State]int64, error) {
	type counted struct {
		State State `db:"state"`
		N     int64 `db:"n"`
	}
	counts := map[State]int64{}
	for _, state := range States {
		counts[state] = 0
	}
	rows, err := store.Read(ctx, s.store, func(v *store.View) ([]counted, error) {
		return store.All[counted](v, `SELECT state, count(*) AS n FROM job GROUP BY state`)
	})
	for _, row := range rows {
		counts[row.State] = row.N
	}
	return counts, err
}
