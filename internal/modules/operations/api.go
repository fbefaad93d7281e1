package operations

import (
	"context"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/web"
)

// jobOut is a job as programs see it.
type jobOut struct {
	Home     int64  `json:"home"`
	ID       int64  `json:"id"`
	Kind     string `json:"kind"`
	Subject  string `json:"subject"`
	State    string `json:"state" enum:"waiting,running,done,failed,cancelled"`
	Step     string `json:"step" doc:"Where the work stands, in the words of its kind."`
	Done     int64  `json:"done"`
	Total    int64  `json:"total" doc:"0: not known yet."`
	Attempts int64  `json:"attempts"`
	Error    string `json:"error,omitempty" doc:"Name of the refusal that stopped it, or that it met last."`
	Created  int64  `json:"created" doc:"Microseconds since 1970, UTC."`
	Finished int64  `json:"finished" doc:"0: not over."`
}

func outOf(j jobs.Job) jobOut {
	return jobOut{Home: j.Home, ID: j.ID, Kind: j.Kind, Subject: j.Subject, State: string(j.State),
		Step: j.Step,
		Done: j.Done, Total: j.Total, Attempts: j.Attempts, Error: j.Error, Created: int64(j.Created),
		Finished: int64(j.Finished)}
}

type jobsIn struct {
	api.Paged
	State string `query:"state" enum:"waiting,running,done,failed,cancelled" doc:"Only those."`
}

type jobIn struct {
	Home int64 `path:"home" minimum:"0"`
	ID   int64 `path:"id" minimum:"0"`
}

type jobBody struct {
	Body jobOut
}

type nothing struct{}

func (o *Operations) endpoints(a *api.API) {
	api.Add(a, api.Operation{Method: "GET", Path: "/jobs", ID: "listJobs", Tag: "operations",
		Summary: "List my jobs and those of my places, the newest first", Access: web.SignedIn()},
		o.listJobs)
	api.Add(a, api.Operation{Method: "GET", Path: "/jobs/{home}/{id}", ID: "getJob", Tag: "operations",
		Summary: "Get a job with its progress", Access: web.SignedIn()}, o.getJob)
	api.Add(a, api.Operation{Method: "POST", Path: "/jobs/{home}/{id}/stop", ID: "stopJob",
		Tag:     "operations",
		Summary: "Ask that a job stop", Access: web.SignedIn(), Status: 204}, o.stopJob)
}

func (o *Operations) listJobs(ctx context.Context, in *jobsIn) (*api.List[jobOut], error) {
	actor := access.From(ctx)
	after, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	page, err := o.host.Jobs.List(ctx, jobs.Query{Account: actor.Account, State: jobs.State(in.State),
		Scope: o.host.Access.Scope(actor, jobs.ReadPermit), After: after, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	rows := make([]jobOut, len(page.Jobs))
	for i, j := range page.Jobs {
		rows[i] = outOf(j)
	}
	return api.Listed(in.Paged, rows, page.Next), nil
}

func (o *Operations) getJob(ctx context.Context, in *jobIn) (*jobBody, error) {
	j, err := o.host.Jobs.See(ctx, o.host.Access, in.Home, in.ID)
	if err != nil {
		return nil, err
	}
	return &jobBody{outOf(j)}, nil
}

func (o *Operations) stopJob(ctx context.Context, in *jobIn) (*nothing, error) {
	return nil, o.host.Jobs.Stop(ctx, o.host.Access, in.Home, in.ID)
}
