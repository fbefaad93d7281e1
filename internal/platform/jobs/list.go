package jobs

import (
	"context"
	"fmt"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Permits of this package.
const (
	ReadPermit   access.Permit = "jobs.read"   // see the jobs of a place
	ManagePermit access.Permit = "jobs.manage" // and stop them
)

// Query asks for a page of jobs, the newest first.
type Query struct {
	Account int64        // whose own jobs are shown in any case
	Scope   access.Scope // and where those of others are
	State   State        // "": any
	Kind    string       // "": any
	After   string       // the cursor a former page ended at
	Limit   int
}

// Page is one page of jobs.
type Page struct {
	Jobs  []Job
	Next  string // cursor of the next page; "" on the last
	Total int64  // of all pages, exact
}

// List gives the jobs that somebody may see.
func (s *Service) List(ctx context.Context, q Query) (Page, error) {
	from, args := q.source()
	var page Page
	err := s.store.View(ctx, func(v *store.View) (err error) {
		if page.Total, err = store.Count(v, "SELECT count(*)"+from, args...); err != nil {
			return err
		}
		if q.After != "" {
			var created, home, id int64
			if n, err := fmt.Sscanf(q.After, "%d/%d/%d", &created, &home, &id); n != 3 || err != nil {
				return fault.New(fault.Invalid, "web.cursor")
			}
			from += ` AND (j.created < ? OR j.created = ? AND (j.home > ? OR j.home = ? AND j.id > ?))`
			args = append(args, created, created, home, home, id)
		}
		page.Jobs, err = store.All[Job](v,
			"SELECT j.*"+from+" ORDER BY j.created DESC, j.home, j.id LIMIT ?",
			append(args, q.Limit+1)...)
		return err
	})
	if len(page.Jobs) > q.Limit {
		page.Jobs = page.Jobs[:q.Limit]
		last := page.Jobs[q.Limit-1]
		page.Next = fmt.Sprintf("%d/%d/%d", last.Created, last.Home, last.ID)
	}
	return page, err
}

// source is what follows SELECT: the table and the condition. Somebody without a scope sees only
// their own, and then places are not asked.
func (q Query) source() (string, []any) {
	var b strings.Builder
	var args []any
	b.WriteString(" FROM job j")
	switch {
	case q.Scope.All():
		b.WriteString(" WHERE 1 = 1")
	case q.Account == 0: // nobody; jobs of account 0 are the program's own
		b.WriteString(" WHERE 1 = 0")
	case q.Scope.Empty():
		b.WriteString(" WHERE j.actor = ?")
		args = append(args, q.Account)
	default:
		within, more := q.Scope.SQL("p.path")
		b.WriteString(" LEFT JOIN place_path p ON p.place = j.place WHERE (j.actor = ? OR " + within + ")")
		args = append(append(args, q.Account), more...)
	}
	if q.State != "" {
		b.WriteString(" AND j.state = ?")
		args = append(args, q.State)
	}
	if q.Kind != "" {
		b.WriteString(" AND j.kind = ?")
		args = append(args, q.Kind)
	}
	return b.String(), args
}

// See reads a job for somebody: their own, or one in a place where they have the permit. Any other
// looks as if it were not there.
func (s *Service) See(ctx context.Context, a *access.Service, home, id int64) (Job, error) {
	actor := access.From(ctx)
	job, err := store.Read(ctx, s.store, func(v *store.View) (Job, error) { return s.Get(v, home, id) })
	if err != nil || actor.Program || job.Actor != 0 && job.Actor == actor.Account {
		return job, err
	}
	if !s.may(a, actor, ReadPermit, job) {
		return Job{}, fault.New(fault.NotFound, "jobs.absent")
	}
	return job, nil
}

// Stop cancels a job in the name of whoever asks: its owner, or who has the permit where it is.
func (s *Service) Stop(ctx context.Context, a *access.Service, home, id int64) error {
	job, err := s.See(ctx, a, home, id)
	if err != nil {
		return err
	}
	actor := access.From(ctx)
	if job.Actor != actor.Account && !s.may(a, actor, ManagePermit, job) {
		return fault.New(fault.Forbidden, "access.forbidden")
	}
	return s.Cancel(ctx, home, id, actor.Account)
}

func (s *Service) may(a *access.Service, actor access.Actor, permit access.Permit, job Job) bool {
	return actor.SignedIn() && a.Can(actor, permit, job.Place)
}
