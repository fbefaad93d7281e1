package operations

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func (o *Operations) pages() []web.Route {
	return []web.Route{
		{Pattern: "GET /jobs", Access: web.SignedIn(), Handle: o.list},
		{Pattern: "GET /jobs/{home}/{id}", Access: web.SignedIn(), Handle: o.job},
		{Pattern: "POST /jobs/{home}/{id}/stop", Access: web.SignedIn(), Handle: o.stop},
		{Pattern: "GET /operations", Access: web.Permitted(Read), Handle: o.health},
		{Pattern: "GET /operations/pack", Access: web.Permitted(Read), Handle: o.pack},
	}
}

func (o *Operations) checkFiles(ctx context.Context, report func(fault.Finding)) error {
	return o.host.Files.Verify(ctx, report)
}

// marks are the status marks of the states of a job.
var marks = map[jobs.State]string{jobs.Waiting: "waiting", jobs.Running: "waiting", jobs.Done: "done",
	jobs.Failed: "overdue", jobs.Cancelled: "stopped"}

// list shows one's own jobs and those of one's place.
func (o *Operations) list(r *web.Request) (web.Answer, error) {
	var states, kinds []web.Option
	for _, s := range jobs.States {
		states = append(states, web.Option{Value: string(s), Text: r.T("job.state." + string(s))})
	}
	for _, k := range o.host.Jobs.Kinds() {
		kinds = append(kinds, web.Option{Value: k, Text: r.T("job." + k)})
	}
	list := web.List[jobs.Job]{Name: "operations.jobs",
		Filters: []web.Filter{{Key: "state", Kind: web.Choice, Options: states},
			{Key: "kind", Kind: web.Choice, Options: kinds}},
		Columns: []web.Column[jobs.Job]{
			{Key: "kind", Cell: func(j jobs.Job) web.Cell {
				return web.Cell{Text: r.T("job." + j.Kind), Href: address(j)}
			}},
			{Key: "state", Cell: func(j jobs.Job) web.Cell {
				return web.Cell{Text: r.T("job.state." + string(j.State)), Status: marks[j.State]}
			}},
			{Key: "progress", Number: true,
				Cell: func(j jobs.Job) web.Cell { return web.Cell{Text: progress(j)} }},
			{Key: "created", Cell: func(j jobs.Job) web.Cell { return web.Cell{Text: j.Created.String()} }},
			{Key: "finished",
				Cell: func(j jobs.Job) web.Cell { return web.Cell{Text: j.Finished.String()} }},
			{Key: "subject", Hidden: true,
				Cell: func(j jobs.Job) web.Cell { return web.Cell{Text: j.Subject} }},
			{Key: "home", Hidden: true, Number: true, Cell: func(j jobs.Job) web.Cell {
				return web.Cell{Text: strconv.FormatInt(j.Home, 10), Value: j.Home}
			}},
		},
		Load: func(ctx context.Context, q web.Query) (web.Rows[jobs.Job], error) {
			page, err := o.host.Jobs.List(ctx, jobs.Query{Account: r.Actor.Account,
				Scope: r.Scope(jobs.ReadPermit), State: jobs.State(q.Filter["state"]),
				Kind:  q.Filter["kind"],
				After: q.After, Limit: q.Limit})
			return web.Rows[jobs.Job]{Items: page.Jobs, Next: page.Next, Total: web.Total{N: page.Total}},
				err
		}}
	return list.Answer(r)
}

func address(j jobs.Job) string { return fmt.Sprintf("/jobs/%d/%d", j.Home, j.ID) }

func progress(j jobs.Job) string {
	switch {
	case j.Total > 0:
		return fmt.Sprint(locale.Count(j.Done), " / ", locale.Count(j.Total))
	case j.Done > 0:
		return fmt.Sprint(locale.Count(j.Done))
	}
	return ""
}

// jobView is the page of one job.
type jobView struct {
	jobs.Job
	Kind    string
	Mark    string
	Percent int64
	Rate    string
	Left    string
	Refusal *locale.Explanation
	Again   period.Instant // when a job that waits after a failure goes on
	MayStop bool
	Address string
}

// refresh is after how many seconds the page of a job that is not over loads itself again.
const refresh = 3

func (o *Operations) job(r *web.Request) (web.Answer, error) {
	j, err := o.asked(r)
	if err != nil {
		return nil, err
	}
	v := jobView{Job: j, Kind: r.T("job." + j.Kind), Mark: marks[j.State], Address: address(j),
		MayStop: !j.State.Over() && j.Cancelled == 0 &&
			(j.Actor == r.Actor.Account || r.Can(jobs.ManagePermit, j.Place))}
	if j.Total > 0 {
		v.Percent = min(100, j.Done*100/j.Total)
	}
	if rate := j.PerSecond(r.Now); rate > 0 {
		v.Rate = r.T("operations.job.rate", strconv.FormatFloat(rate, 'f', 1, 64))
	}
	if left, known := j.TimeLeft(r.Now); known {
		v.Left = duration(r, left)
	}
	if f := j.Fault(); f != nil {
		words := o.host.Dictionary.Explain(r.Language, f)
		v.Refusal = &words
		if j.State == jobs.Waiting {
			v.Again = j.RunAfter
		}
	}
	page := web.Page{Title: v.Kind, Data: v, Place: j.Place,
		Trail: []web.Crumb{{Text: r.T("operations.jobs.title"), Href: "/jobs"}, {Text: v.Kind}}}
	if !j.State.Over() {
		page.Fresh = refresh
	}
	return web.View("operations/job", page), nil
}

// asked reads the job of the address for whoever asks.
func (o *Operations) asked(r *web.Request) (jobs.Job, error) {
	home, err := r.ID("home")
	if err != nil {
		return jobs.Job{}, err
	}
	id, err := r.ID("id")
	if err != nil {
		return jobs.Job{}, err
	}
	return o.host.Jobs.See(access.With(r.Context(), r.Actor), o.host.Access, home, id)
}

func (o *Operations) stop(r *web.Request) (web.Answer, error) {
	j, err := o.asked(r)
	if err != nil {
		return nil, err
	}
	if err := o.host.Jobs.Stop(access.With(r.Context(), r.Actor), o.host.Access, j.Home, j.ID); err != nil {
		return nil, err
	}
	return web.Redirect(address(j) + "?" + web.DoneField + "=operations.stopped"), nil
}

// duration is a time as people say it: seconds below a minute, minutes below an hour.
func duration(r *web.Request, d time.Duration) string {
	switch {
	case d < time.Minute:
		return r.T("operations.seconds", max(1, int(d.Seconds())))
	case d < time.Hour:
		return r.T("operations.minutes", int(d.Minutes()))
	}
	return r.T("operations.hours", int(d.Hours()), int(d.Minutes())%60)
}
