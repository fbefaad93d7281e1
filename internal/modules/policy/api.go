package policy

import (
	"context"
	"net/http"

	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func (p *Policy) endpoints(a *api.API) {
	op := func(path, id, summary string) api.Operation {
		return api.Operation{Method: http.MethodGet, Path: path, ID: id, Summary: summary, Tag: "policy",
			Access: web.Permitted(MayRead)}
	}
	api.Add(a, op("/targets", "listTargets", "The targets of the city, with where each stands."), p.apiList)
	api.Add(a, op("/targets/{key}", "getTarget",
		"A target: path, actual figures, forecasts, what it takes, and who moves it."), p.apiGet)
}

// studies are all targets as they stand.
func (p *Policy) studies(ctx context.Context) (all []*Study, err error) {
	for _, t := range *p.targets.Load() {
		s, err := p.Study(ctx, t)
		if err != nil {
			return nil, err
		}
		all = append(all, &s)
	}
	return all, nil
}

// study is the target that a key names.
func (p *Policy) study(ctx context.Context, key string) (*Study, error) {
	for _, t := range *p.targets.Load() {
		if t.Key == key {
			s, err := p.Study(ctx, t)
			return &s, err
		}
	}
	return nil, fault.New(fault.NotFound, "policy.no_target", key)
}

func (p *Policy) apiList(ctx context.Context, in *struct{ api.Paged }) (*api.List[targetOut], error) {
	all, err := p.studies(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]targetOut, len(all))
	for i, s := range all {
		rows[i] = p.targetOut(s)
	}
	return api.Listed(in.Paged, rows, ""), nil
}

type studyAnswer struct{ Body studyOut }

func (p *Policy) apiGet(ctx context.Context, in *struct {
	Key string `path:"key" maxLength:"60"`
}) (*studyAnswer, error) {
	s, err := p.study(ctx, in.Key)
	if err != nil {
		return nil, err
	}
	return &studyAnswer{p.studyOut(s)}, nil
}
