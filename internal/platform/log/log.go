package log

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"github.com/transparency-dev/merkle/compact"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Part is the log's tables.
func Part() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: "log", Migrations: root,
		AppendOnly: []string{"log_leaf", "log_node", "log_checkpoint"}}
}

// Log puts events into Merkle trees and proves them.
type Log struct {
	store  *store.Store
	signer *Signer
	mu     sync.Mutex // one sequencing at a time in this process
	due    map[int64]bool
	dueMu  sync.Mutex
	wake   chan struct{}
}

// New makes the log of an open store.
func New(s *store.Store, signer *Signer) *Log {
	l := &Log{store: s, signer: signer, due: map[int64]bool{}, wake: make(chan struct{}, 1)}
	s.OnCommit(l.notice)
	return l
}

// PublicKey is the key that checks this installation's certificates.
func (l *Log) PublicKey() string { return l.signer.PublicKey() }

// notice remembers which homes have new events.
func (l *Log) notice(homes []int64) {
	l.dueMu.Lock()
	for _, h := range homes {
		l.due[h] = true
	}
	l.dueMu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *Log) takeDue() []int64 {
	l.dueMu.Lock()
	defer l.dueMu.Unlock()
	homes := make([]int64, 0, len(l.due))
	for h := range l.due {
		homes = append(homes, h)
	}
	clear(l.due)
	return homes
}

// Settings of the sequencer's rhythm.
const (
	gatherTime  = 200 * time.Millisecond // how long new events wait for company
	sweepTime   = 30 * time.Second       // how often events of other processes are looked for
	anchorTime  = 10 * time.Minute       // how often the city's log takes the counties' heads
	sequenceMax = 5000                   // events a transaction
)

// Run sequences until ctx ends, then once more, so that nothing acknowledged stays outside the log.
func (l *Log) Run(ctx context.Context) {
	sweep, anchor := time.NewTicker(sweepTime), time.NewTicker(anchorTime)
	defer sweep.Stop()
	defer anchor.Stop()
	for ctx.Err() == nil {
		var err error
		select {
		case <-ctx.Done():
		case <-l.wake:
			time.Sleep(gatherTime)
			err = l.sequenceHomes(ctx, l.takeDue())
		case <-sweep.C:
			err = l.Sequence(ctx)
		case <-anchor.C:
			err = l.Anchor(ctx)
		}
		if err != nil && ctx.Err() == nil {
			slog.Error("log: sequencing failed and will be tried again", "cause", err)
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := l.Anchor(last); err != nil {
		slog.Error("log: the last sequencing failed; the next start goes on", "cause", err)
	}
}

// Sequence puts all waiting events of all homes into their trees and signs the new heads.
func (l *Log) Sequence(ctx context.Context) error {
	homes, err := store.Read(ctx, l.store, func(v *store.View) ([]int64, error) {
		return store.All[int64](v, `SELECT DISTINCT home FROM event_pending ORDER BY home`)
	})
	if err != nil {
		return err
	}
	return l.sequenceHomes(ctx, homes)
}

func (l *Log) sequenceHomes(ctx context.Context, homes []int64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, home := range homes {
		for more := true; more; {
			var err error
			if more, err = l.step(ctx, home); err != nil {
				if fault.Is(err, fault.Stale) || fault.Is(err, fault.Conflict) {
					break // another server is at this home; it will go on
				}
				return err
			}
		}
	}
	return nil
}

// step takes one portion of a home's waiting events into its tree. more tells whether to go on.
func (l *Log) step(ctx context.Context, home int64) (more bool, err error) {
	err = l.store.Maintain(ctx, func(tx *store.Tx) error {
		events, err := store.All[store.StoredEvent](tx, `SELECT e.home, e.id, e.at, e.actor, e.place,
			e.kind, e.subject, e.body, e.rows, e.salt
			FROM event_pending p JOIN event e ON e.home = p.home AND e.id = p.event
			WHERE p.home = ? ORDER BY p.event LIMIT ?`, home, sequenceMax)
		more = len(events) == sequenceMax
		if err != nil || len(events) == 0 {
			return err
		}
		return l.append(tx, home, events)
	})
	return more, err
}

// append adds the events to the home's tree, in order, and signs the new head.
func (l *Log) append(tx *store.Tx, home int64, events []store.StoredEvent) error {
	tree, found, err := store.First[treeRow](tx, `SELECT home, size, hashes FROM log_tree WHERE home = ?`,
		home)
	if err != nil {
		return err
	}
	tree.Home = home
	edge, err := tree.edge()
	if err != nil {
		return err
	}
	var nodes []node
	keep := func(id compact.NodeID, hash []byte) {
		if id.Level > 0 && id.Level%nodeStep == 0 {
			nodes = append(nodes, node{id, hash})
		}
	}
	for i, e := range events {
		hash := hasher.HashLeaf(e.Leaf())
		if err := edge.Append(hash, keep); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO log_leaf (home, seq, event, hash) VALUES (?, ?, ?, ?)`,
			home, tree.Size+int64(i), e.ID, hash); err != nil {
			return err
		}
	}
	for _, n := range nodes {
		if _, err := tx.Exec(`INSERT INTO log_node (home, level, pos, hash) VALUES (?, ?, ?, ?)`,
			home, int64(n.id.Level), int64(n.id.Index), n.hash); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(`DELETE FROM event_pending WHERE home = ? AND event <= ? AND event IN
		(SELECT event FROM log_leaf WHERE home = ? AND seq >= ?)`,
		home, events[len(events)-1].ID, home, tree.Size); err != nil {
		return err
	}
	return l.saveHead(tx, tree, edge, found)
}

// saveHead writes the new edge, at the size it was read at, and the signed checkpoint.
func (l *Log) saveHead(tx *store.Tx, old treeRow, edge *compact.Range, found bool) error {
	var hashes []byte
	for _, h := range edge.Hashes() {
		hashes = append(hashes, h...)
	}
	size := int64(edge.End())
	if !found {
		if _, err := tx.Exec(`INSERT INTO log_tree (home, size, hashes) VALUES (?, ?, ?)`,
			old.Home, size, hashes); err != nil {
			return err
		}
	} else if n, err := tx.Exec(`UPDATE log_tree SET size = ?, hashes = ? WHERE home = ? AND size = ?`,
		size, hashes, old.Home, old.Size); err != nil || n != 1 {
		if err == nil {
			err = fault.New(fault.Stale, "store.stale")
		}
		return err
	}
	head, err := root(edge)
	if err != nil {
		return err
	}
	signed, err := l.signer.sign(old.Home, edge.End(), head)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO log_checkpoint (home, size, at, note) VALUES (?, ?, ?, ?)`,
		old.Home, size, tx.Now(), signed)
	return err
}

// headRow is a stored checkpoint.
type headRow struct {
	Home int64          `db:"home"`
	Size int64          `db:"size"`
	At   period.Instant `db:"at"`
	Note string         `db:"note"`
}

// anchored is the body of the event by which the city's log takes a county's head.
type anchored struct {
	Home int64  `json:"home"`
	Size int64  `json:"size"`
	Note string `json:"note"`
}

const anchorKind = "log.anchored"

// Anchor sequences everything and records in the city's log the newest head of every county that
// has grown since it was last recorded there.
func (l *Log) Anchor(ctx context.Context) error {
	if err := l.Sequence(ctx); err != nil {
		return err
	}
	heads, err := store.Read(ctx, l.store, func(v *store.View) ([]headRow, error) {
		return store.All[headRow](v, `SELECT c.home, c.size, c.at, c.note FROM log_checkpoint c
			JOIN log_tree t ON t.home = c.home AND t.size = c.size
			WHERE c.home <> ? ORDER BY c.home`, store.City)
	})
	if err != nil {
		return err
	}
	for _, head := range heads {
		if err := l.anchorHead(ctx, head); err != nil {
			return err
		}
	}
	return l.Sequence(ctx)
}

func (l *Log) anchorHead(ctx context.Context, head headRow) error {
	subject := l.signer.Origin(head.Home)
	return l.store.Write(ctx, func(tx *store.Tx) error {
		last, found, err := lastAnchor(tx, subject)
		if err != nil || found && last.Size >= head.Size {
			return err
		}
		_, err = tx.Record(store.Event{Home: store.City, Kind: anchorKind, Subject: subject,
			Body: anchored{head.Home, head.Size, head.Note}})
		return err
	})
}
