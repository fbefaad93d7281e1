package editions

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/edition"
	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Sizes of an import's transactions.
const (
	chunkSteps    = 60_000
	chunkFindings = 5_000
	planPiece     = 1 << 20 // bytes
)

// run carries the plan out, each portion in a transaction together with how far it got.
func (m *importing) run(ctx context.Context, resumed bool) error {
	if !resumed {
		if err := m.stage(ctx); err != nil {
			return err
		}
	}
	defer m.places.Changed()
	m.number()
	m.readAhead(ctx, m.edition.Applied)
	defer func() { <-m.ahead }() // whatever was read for a portion that did not come
	if err := m.pause(); err != nil {
		return err
	}
	if err := m.keepFindings(ctx); err != nil {
		return err
	}
	for m.edition.Applied < m.edition.Steps {
		if err := m.portion(ctx); err != nil {
			return err
		}
		m.Progress("apply", m.edition.Applied, m.edition.Steps)
		if err := m.pause(); err != nil {
			return err
		}
	}
	if err := m.finish(ctx); err != nil {
		return err
	}
	m.places.Changed()
	return m.places.Settle(ctx)
}

// pause lets a test stop the import between two transactions.
func (m *importing) pause() error {
	if m.halt != nil {
		return m.halt()
	}
	return nil
}

// stage keeps the plan, the numbers it will use and what it suggests, before anything is changed.
func (m *importing) stage(ctx context.Context) error {
	fresh, own := int64(0), int64(1)
	for _, p := range m.plan.Places {
		if p == 0 {
			fresh++
		}
	}
	for _, s := range m.plan.Steps {
		if s.Act != edition.Quiet {
			own++
		}
	}
	staged := m.edition
	err := m.host.Store.Write(ctx, func(tx *store.Tx) (err error) {
		e := m.edition
		if e.ID, err = tx.NextID(store.City, "place_edition"); err != nil {
			return err
		}
		b, err := m.places.Batch(tx)
		if err != nil {
			return err
		}
		if fresh > 0 {
			if e.FirstPlace, err = b.NewPlaces(fresh); err != nil {
				return err
			}
		}
		if e.FirstEvent, err = b.NewEvents(own); err != nil {
			return err
		}
		e.Recorded = tx.Now()
		if err := editions.Insert(tx, &e); err != nil {
			return err
		}
		if err := m.stageRows(tx, b, e); err != nil {
			return err
		}
		if err := b.Done(); err != nil {
			return err
		}
		staged = e
		return m.record(tx, e, "place.edition_staged")
	})
	m.edition = staged
	return err
}

// stageRows writes the plan in pieces, the edition's own event, and the suggestions.
func (m *importing) stageRows(tx *store.Tx, b *territory.Batch, e Edition) error {
	number := int64(0)
	for piece := range slices.Chunk(m.plan.Encode(), planPiece) {
		number++
		if err := plans.Insert(tx, &planRow{Edition: e.ID, Number: number, Body: piece}); err != nil {
			return err
		}
	}
	if err := b.Tell([]territory.Event{{ID: e.FirstEvent, Kind: territory.Publishing,
		Effective: e.Effective, Note: e.File, Edition: e.ID, Actor: e.Actor,
		Recorded: tx.Now()}}); err != nil {
		return err
	}
	if err := insertFindings(tx, e.ID, 0, m.plan.Findings); err != nil {
		return err
	}
	ids := placeIDs(m.plan.Places, e.FirstPlace)
	for _, s := range m.plan.Suggestions {
		if err := insertSuggestion(tx, e, s, ids); err != nil {
			return err
		}
	}
	return nil
}

// placeIDs gives the new rows their numbers, in the order of the rows.
func placeIDs(places []int64, next int64) []int64 {
	ids := slices.Clone(places)
	for i, p := range ids {
		if p == 0 {
			ids[i] = next
			next++
		}
	}
	return ids
}

// number gives every row its place and every step its event.
func (m *importing) number() {
	m.ids = placeIDs(m.plan.Places, m.edition.FirstPlace)
	m.events = make([]int64, len(m.plan.Steps))
	next := m.edition.FirstEvent + 1
	for i, s := range m.plan.Steps {
		switch {
		case s.Act != edition.Quiet:
			m.events[i] = next
			next++
		case s.Follows >= 0:
			m.events[i] = m.events[s.Follows]
		default:
			m.events[i] = m.edition.FirstEvent
		}
	}
}

// takeUp reads the plan of an interrupted import.
func (m *importing) takeUp(ctx context.Context) error {
	var body []byte
	err := m.host.Store.View(ctx, func(v *store.View) error {
		rows, err := plans.All(v, "WHERE edition = ? ORDER BY number", m.edition.ID)
		for _, r := range rows {
			body = append(body, r.Body...)
		}
		return err
	})
	if err != nil {
		return err
	}
	if m.plan, err = edition.DecodePlan(body); err != nil {
		return fault.New(fault.Internal, "fault.internal").Because(err)
	}
	if len(m.plan.Places) != len(m.file.Rows) || int64(len(m.plan.Steps)) != m.edition.Steps {
		return fault.New(fault.Conflict, "editions.edition.changed", m.File)
	}
	m.plan.Counts = m.edition.Counts()
	return nil
}

// keepFindings writes what is not written yet of what was odd about the rows. What the comparison
// found was written with the plan and stands first.
func (m *importing) keepFindings(ctx context.Context) error {
	s, list := m.host.Store, m.file.Findings
	total := m.edition.Errors + m.edition.Warnings + m.edition.Notes
	first := total - int64(len(list))
	done, err := store.Read(ctx, s, func(v *store.View) (int64, error) {
		return store.Count(v, `SELECT count(*) FROM place_edition_finding WHERE edition = ?`, m.edition.ID)
	})
	for err == nil && done < total {
		from := max(0, done-first)
		next := min(from+chunkFindings, int64(len(list)))
		err = s.Maintain(ctx, func(tx *store.Tx) error {
			return insertFindings(tx, m.edition.ID, first+from, list[from:next])
		})
		done = first + next
		m.Progress("findings", done, total)
	}
	return err
}

// insertFindings writes findings behind so many others of an edition.
func insertFindings(tx *store.Tx, id, behind int64, list []fault.Finding) error {
	rows := make([]findingRow, 0, len(list))
	for i, f := range list {
		args, err := json.Marshal(f.Args)
		if err != nil {
			return err
		}
		rows = append(rows, findingRow{Edition: id, Number: behind + int64(i+1), Line: int64(f.Row),
			Field: f.Column, Severity: string(f.Severity), Subject: f.Key, Args: string(args),
			Value: f.Value})
	}
	return findings.Bulk(tx, rows)
}

// ahead is what a portion needs to know of the places it changes.
type ahead struct {
	territory.Ahead
	rewrites []rewrite
	err      error
}

// rewrite is the history of a place and what becomes of it.
type rewrite struct {
	from territory.History
	next []history.State
}

// readAhead begins to read what the portion from a step on needs, while the one before is written.
func (m *importing) readAhead(ctx context.Context, from int64) {
	to := min(from+int64(m.chunk), m.edition.Steps)
	places := m.changed(from, to)
	into := make(chan ahead, 1)
	m.ahead = into
	go func() {
		var a ahead
		if len(places) > 0 {
			a.Ahead, a.err = m.places.ReadAhead(ctx, places)
		}
		if a.err == nil {
			a.rewrites, a.err = m.rewrites(from, to, a.Histories)
		}
		into <- a
	}()
}

// changed are the standing places of some steps.
func (m *importing) changed(from, to int64) (places []int64) {
	for _, s := range m.plan.Steps[from:to] {
		if s.Place != 0 {
			places = append(places, s.Place)
		}
	}
	return places
}

// portion applies the next steps and notes how far it got, in one transaction.
func (m *importing) portion(ctx context.Context) error {
	from := m.edition.Applied
	to := min(from+int64(m.chunk), m.edition.Steps)
	known := <-m.ahead
	m.readAhead(ctx, to)
	if known.err != nil {
		return known.err
	}
	next, change := m.edition, int64(0)
	err := m.host.Store.Write(ctx, func(tx *store.Tx) error {
		b, err := m.places.Batch(tx)
		if err != nil {
			return err
		}
		rewrites := known.rewrites
		if !b.Holds(known.Ahead, m.change) {
			histories, err := b.Histories(m.changed(from, to))
			if err != nil {
				return err
			}
			if rewrites, err = m.rewrites(from, to, histories); err != nil {
				return err
			}
		}
		for _, r := range rewrites {
			b.Rewrite(r.from, r.next)
		}
		if err := m.steps(tx, b, from, to); err != nil {
			return err
		}
		if err := b.Done(); err != nil {
			return err
		}
		e := m.edition
		e.Applied = to
		if err := editions.Update(tx, &e); err != nil {
			return err
		}
		next, change = e, b.Change()
		return m.record(tx, e, "place.edition_applied")
	})
	if err == nil {
		m.edition, m.change = next, change
	}
	return err
}

// facts are what a row says of its place.
func (m *importing) facts(row int32) history.Facts {
	r := &m.file.Rows[row]
	f := history.Facts{Level: r.Level, Kind: r.Kind, Name: r.Name, Code: edition.CodeText(r.Code),
		Category: r.Category}
	if r.Parent != edition.NoRow {
		f.Parent = m.ids[r.Parent]
	} else {
		f.Parent = m.plan.Outside[r.Outside]
	}
	return f
}

// steps adds the new places of some steps, and tells the acts of all of them.
func (m *importing) steps(tx *store.Tx, b *territory.Batch, from, to int64) error {
	added := make([]territory.Founded, 0, int(to-from)-len(m.changed(from, to)))
	var own []territory.Event
	for i := from; i < to; i++ {
		s := m.plan.Steps[i]
		place := s.Place
		if place == 0 {
			place = m.ids[s.Row]
			added = append(added, territory.Founded{ID: place, State: history.State{Since: m.On,
				Until: period.Open, Event: m.events[i], Facts: m.facts(s.Row)}})
		}
		if s.Act != edition.Quiet {
			own = append(own, territory.Event{ID: m.events[i], Kind: territory.Kind(s.Act), Place: place,
				Effective: m.On, Edition: m.edition.ID, Actor: m.edition.Actor, Recorded: tx.Now()})
		}
	}
	if err := b.Add(added); err != nil {
		return err
	}
	return b.Tell(own)
}

// rewrites find what becomes of the standing places that some steps change or end.
func (m *importing) rewrites(from, to int64, histories map[int64]territory.History) (all []rewrite,
	err error) {
	for i := from; i < to; i++ {
		place := m.plan.Steps[i].Place
		if place == 0 {
			continue
		}
		h := histories[place]
		next, err := m.next(i, h.States)
		if errors.Is(err, history.ErrLater) || errors.Is(err, history.ErrNotStanding) {
			continue // an act entered since the plan was made goes before the edition
		}
		if err != nil {
			return nil, err
		}
		all = append(all, rewrite{h, next})
	}
	return all, nil
}

// next is what becomes of a history by a step.
func (m *importing) next(i int64, states []history.State) ([]history.State, error) {
	s := m.plan.Steps[i]
	switch {
	case s.Row == edition.NoRow && s.Act == edition.Abolish:
		return history.End(states, m.On)
	case s.Row == edition.NoRow:
		return history.Amend(states, m.On, m.events[i], func(f *history.Facts) { f.Code = "" })
	}
	return history.Amend(states, m.On, m.events[i], func(f *history.Facts) { m.take(s, f) })
}

// take lets a place be what its row says; where the row says nothing it stays as it was.
func (m *importing) take(s edition.Step, f *history.Facts) {
	said := m.facts(s.Row)
	if said.Parent == 0 && m.file.Rows[s.Row].Parent == edition.NoRow {
		said.Parent = f.Parent
	}
	if said.Kind == division.KindUnknown {
		said.Kind = f.Kind
	}
	if said.Category == 0 {
		said.Category = f.Category
	}
	if s.KeepName {
		said.Name = f.Name
	}
	*f = said
}

// finish marks the edition done and forgets its plan.
func (m *importing) finish(ctx context.Context) error {
	done := m.edition
	err := m.host.Store.Write(ctx, func(tx *store.Tx) error {
		e := m.edition
		e.State = Done
		if err := editions.Update(tx, &e); err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM place_edition_plan WHERE edition = ?`, e.ID); err != nil {
			return err
		}
		done = e
		return m.record(tx, e, "place.edition_taken")
	})
	if err == nil {
		m.edition = done
	}
	return err
}

func (m *importing) record(tx *store.Tx, e Edition, kind string) error {
	_, err := tx.Record(store.Event{Home: store.City, Kind: kind, Actor: e.Actor,
		Subject: "edition/" + edition.CodeText(e.ID), Body: editionBody{string(e.Scheme),
			string(e.Effective), e.Hash, e.Applied, e.Steps}})
	return err
}

type editionBody struct {
	Scheme    string `json:"scheme"`
	Effective string `json:"effective"`
	Hash      string `json:"hash"`
	Applied   int64  `json:"applied"`
	Steps     int64  `json:"steps"`
}
