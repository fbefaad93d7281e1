package log

import (
	"context"
	"fmt"
	"strings"

	"github.com/transparency-dev/merkle/compact"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Report is what Verify found.
type Report struct {
	Homes    int
	Events   int
	Rows     int
	Findings []fault.Finding
}

// FindingsMax is how many findings a report lists; more are counted in one last line.
const FindingsMax = 1000

func (r *Report) add(f fault.Finding) {
	switch len(r.Findings) {
	case FindingsMax:
		r.Findings = append(r.Findings, fault.Wrong("log.verify.more", 1))
	case FindingsMax + 1:
		last := &r.Findings[FindingsMax]
		last.Args[0] = last.Args[0].(int) + 1
	default:
		r.Findings = append(r.Findings, f)
	}
}

// Verify proves the whole log and every row of the sealed tables against it. It reads one home at
// a time; progress, if not nil, is told how many of how many are done.
func (l *Log) Verify(ctx context.Context, tables []store.Sealed, progress func(done, of int)) (Report,
	error) {
	key, err := ParsePublicKey(l.PublicKey())
	if err != nil {
		return Report{}, err
	}
	homes, err := store.Read(ctx, l.store, func(v *store.View) ([]int64, error) {
		return store.All[int64](v,
			`SELECT DISTINCT home FROM event UNION SELECT home FROM log_tree ORDER BY home`)
	})
	if err != nil {
		return Report{}, err
	}
	report := Report{Homes: len(homes)}
	known := map[int64]bool{}
	for i, home := range homes {
		known[home] = true
		c := checker{ctx: ctx, log: l, key: key, home: home, report: &report, last: map[rowKey]lastChange{}}
		if err := c.run(tables); err != nil {
			return report, err
		}
		if progress != nil {
			progress(i+1, len(homes))
		}
	}
	return report, l.strangers(ctx, tables, known, &report)
}

// strangers names rows in homes that no event has ever been recorded for.
func (l *Log) strangers(ctx context.Context, tables []store.Sealed, known map[int64]bool, r *Report) error {
	for _, t := range tables {
		if !t.Sealed() || !t.Homed() {
			continue
		}
		homes, err := store.Read(ctx, l.store, func(v *store.View) ([]int64, error) {
			return store.All[int64](v, "SELECT DISTINCT home FROM "+t.Name())
		})
		if err != nil {
			return err
		}
		for _, home := range homes {
			if !known[home] {
				r.add(fault.Wrong("log.verify.home", t.Name(), home))
			}
		}
	}
	return nil
}

type rowKey struct{ table, key string }

type lastChange struct {
	version int64
	digest  store.Digest
	salt    []byte
	event   int64
	seen    bool
}

// checker verifies one home.
type checker struct {
	ctx    context.Context
	log    *Log
	key    PublicKey
	home   int64
	report *Report
	last   map[rowKey]lastChange
}

func (c *checker) run(tables []store.Sealed) error {
	if err := c.leaves(); err != nil {
		return err
	}
	if err := c.anchors(); err != nil {
		return err
	}
	for _, t := range tables {
		if err := c.rows(t); err != nil {
			return err
		}
	}
	c.gone()
	return nil
}

// sequenced is an event with its leaf, if it has one.
type sequenced struct {
	store.StoredEvent
	Seq     int64  `db:"seq"`
	Hash    []byte `db:"hash"`
	Pending bool   `db:"pending"`
}

// leaves recomputes the tree from the events and holds it against leaves, edge and checkpoints.
func (c *checker) leaves() error {
	return c.log.store.View(c.ctx, func(v *store.View) error {
		heads, err := c.heads(v)
		if err != nil {
			return err
		}
		edge := ranges.NewEmptyRange(0)
		for e, err := range store.Each[sequenced](v, `SELECT e.home, e.id, e.at, e.actor, e.place, e.kind,
			e.subject, e.body, e.rows, e.salt, COALESCE(l.seq, -1) AS seq, l.hash AS hash,
			p.event IS NOT NULL AS pending
			FROM event e LEFT JOIN log_leaf l ON l.home = e.home AND l.event = e.id
			LEFT JOIN event_pending p ON p.home = e.home AND p.event = e.id
			WHERE e.home = ? ORDER BY CASE WHEN l.seq IS NULL THEN 1 ELSE 0 END, l.seq, e.id`, c.home) {
			if err != nil {
				return err
			}
			if err := c.event(e, edge, heads); err != nil {
				return err
			}
		}
		return c.edge(v, edge, heads)
	})
}

// event checks one event against its leaf and remembers the rows it names.
func (c *checker) event(e sequenced, edge *compact.Range, heads map[uint64]Checkpoint) error {
	c.report.Events++
	changes, err := store.DecodeChanges(e.Rows)
	if err != nil {
		c.report.add(fault.Wrong("log.verify.event", c.home, e.ID))
	}
	for _, ch := range changes {
		id := rowKey{ch.Table, ch.Key}
		if ch.Version >= c.last[id].version {
			c.last[id] = lastChange{version: ch.Version, digest: ch.Digest, salt: e.Salt, event: e.ID}
		}
	}
	if e.Seq < 0 {
		if !e.Pending {
			c.report.add(fault.Wrong("log.verify.unsequenced", c.home, e.ID))
		}
		return nil
	}
	if uint64(e.Seq) != edge.End() {
		c.report.add(fault.Wrong("log.verify.gap", c.home, edge.End()))
		return nil
	}
	hash := hasher.HashLeaf(e.Leaf())
	if string(hash) != string(e.Hash) {
		c.report.add(fault.Wrong("log.verify.event", c.home, e.ID))
	}
	if err := edge.Append(hash, nil); err != nil {
		return err
	}
	head, signed := heads[edge.End()]
	if !signed {
		return nil
	}
	computed, err := root(edge)
	if err == nil && string(computed) != string(head.Root) {
		c.report.add(fault.Wrong("log.verify.head", c.home, edge.End()))
	}
	return err
}

// heads opens all checkpoints of the home.
func (c *checker) heads(v *store.View) (map[uint64]Checkpoint, error) {
	rows, err := store.All[headRow](v, `SELECT home, size, at, note FROM log_checkpoint WHERE home = ?`,
		c.home)
	if err != nil {
		return nil, err
	}
	heads := map[uint64]Checkpoint{}
	for _, row := range rows {
		head, err := c.key.Open(row.Note)
		if err != nil || head.Size != uint64(row.Size) || head.Origin != c.log.signer.Origin(c.home) {
			c.report.add(fault.Wrong("log.verify.signature", c.home, row.Size))
			continue
		}
		heads[head.Size] = head
	}
	return heads, nil
}

// edge holds the recomputed tree against the stored one and against heads beyond its end.
func (c *checker) edge(v *store.View, edge *compact.Range, heads map[uint64]Checkpoint) error {
	tree, _, err := store.First[treeRow](v, `SELECT home, size, hashes FROM log_tree WHERE home = ?`,
		c.home)
	if err != nil {
		return err
	}
	if uint64(tree.Size) != edge.End() {
		c.report.add(fault.Wrong("log.verify.size", c.home, tree.Size, edge.End()))
	}
	for size := range heads {
		if size > edge.End() {
			c.report.add(fault.Wrong("log.verify.size", c.home, size, edge.End()))
		}
	}
	return nil
}

// anchors checks that the heads the city's log took of this home are heads of this home.
func (c *checker) anchors() error {
	if c.home == store.City {
		return nil
	}
	return c.log.store.View(c.ctx, func(v *store.View) error {
		a, found, err := lastAnchor(v, c.log.signer.Origin(c.home))
		if err != nil || !found {
			return err
		}
		n, err := store.Count(v,
			`SELECT count(*) FROM log_checkpoint WHERE home = ? AND size = ? AND note = ?`,
			c.home, a.Size, a.Note)
		if err == nil && n != 1 {
			c.report.add(fault.Wrong("log.verify.anchor", c.home, a.Size))
		}
		return err
	})
}

// rows compares each row of a sealed table with what the last event on it recorded.
func (c *checker) rows(t store.Sealed) error {
	if !t.Sealed() || !t.Homed() && c.home != store.City {
		return nil
	}
	return t.Rows(c.ctx, c.log.store, c.home, func(key string, values []any) error {
		c.report.Rows++
		id := rowKey{t.Name(), key}
		last, found := c.last[id]
		switch {
		case !found || last.digest == store.Digest{}:
			c.report.add(fault.Wrong("log.verify.extra", t.Name(), c.home, key))
		case last.digest != store.RowDigest(last.salt, t.Name(), key, values):
			c.report.add(fault.Wrong("log.verify.row", t.Name(), c.home, key, last.event))
		}
		last.seen = true
		c.last[id] = last
		return nil
	})
}

// gone names rows that the log knows and the table lacks.
func (c *checker) gone() {
	for id, last := range c.last {
		if !last.seen && last.digest != (store.Digest{}) {
			c.report.add(fault.Wrong("log.verify.gone", id.table, c.home, id.key, last.event))
		}
	}
}

// String is one line for the operator.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d homes, %d events, %d rows, %d findings", r.Homes, r.Events, r.Rows, len(r.Findings))
	return b.String()
}
