package audit

import (
	"context"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// EventQuery is what the log of events is asked for.
type EventQuery struct {
	Kind     string // the beginning: "post." finds all about posts
	Actor    int64  // account; 0: all
	Subject  string
	Place    int64       // and below
	From, To period.Date // days, both included
	After    string      // EventKey of the last event of the former page
	Limit    int
}

// EventKey is where an event stands in the auditors' list.
func EventKey(e store.StoredEvent) string {
	return strconv.FormatInt(int64(e.At), 10) + "/" + strconv.FormatInt(e.Home, 10) + "/" +
		strconv.FormatInt(e.ID, 10)
}

const selectEvents = "SELECT " + store.EventColumns + " FROM event"

// Events lists what happened, newest first, over all homes within the actor's reach. The count
// stops at CountMax + 1.
func (s *Service) Events(ctx context.Context, actor access.Actor, q EventQuery) ([]store.StoredEvent,
	int64, error) {
	scope := s.access.Scope(actor, Read)
	if scope.Empty() {
		return nil, 0, s.access.Require(actor, Read, 0)
	}
	var w store.Where
	inside, args := scope.Places("place")
	w.And(inside, args...)
	s.filterEvents(&w, q)
	var list []store.StoredEvent
	total, err := store.Read(ctx, s.store, func(v *store.View) (int64, error) {
		total, err := count(v, "event", w)
		if err != nil {
			return 0, err
		}
		if at := eventPosition(q.After); at != nil {
			w.And("(at, home, id) < (?, ?, ?)", at...)
		}
		order := " ORDER BY at DESC, home DESC, id DESC LIMIT ?"
		if q.Subject != "" { // the plus keeps the engines from walking the whole log by time
			order = " ORDER BY +at DESC, home DESC, id DESC LIMIT ?"
		}
		list, err = store.All[store.StoredEvent](v, selectEvents+w.SQL()+order, w.Args(q.Limit)...)
		return total, err
	})
	return list, total, err
}

// eventPosition reads an EventKey; nil if it is none.
func eventPosition(key string) []any {
	parts := strings.Split(key, "/")
	if len(parts) != 3 {
		return nil
	}
	at := make([]any, len(parts))
	for i, p := range parts {
		n, err := strconv.ParseInt(p, 10, 64)
		if err != nil {
			return nil
		}
		at[i] = n
	}
	return at
}

func (s *Service) filterEvents(w *store.Where, q EventQuery) {
	if q.Kind != "" {
		w.And(`kind LIKE ? ESCAPE '\'`, store.LikeStart(q.Kind))
	}
	if q.Actor != 0 {
		w.And("actor = ?", q.Actor)
	}
	if q.Subject != "" {
		// The index of subjects begins with the home: asked for home by home.
		w.And("home IN (SELECT home FROM log_tree UNION SELECT home FROM event_pending) AND subject = ?",
			q.Subject)
	}
	if q.Place != 0 {
		inside, args := s.access.Subtree(q.Place).Places("place")
		w.And(inside, args...)
	}
	between(w, q.From, q.To)
}

// Event is one event with the rows it changed.
func (s *Service) Event(ctx context.Context, actor access.Actor, home, id int64) (store.StoredEvent,
	[]store.RowChange, error) {
	e, err := store.Read(ctx, s.store, func(v *store.View) (store.StoredEvent, error) {
		e, found, err := store.First[store.StoredEvent](v, selectEvents+" WHERE home = ? AND id = ?", home,
			id)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "audit.no_event")
		}
		return e, err
	})
	if err != nil {
		return e, nil, err
	}
	if err := s.access.Require(actor, Read, e.Place); err != nil {
		return e, nil, err
	}
	rows, err := store.DecodeChanges(e.Rows)
	return e, rows, err
}
