package editions

import (
	"context"
	"net/http"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/edition"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// endpoints are the operations on editions, anomalies and suggestions.
func (g *Editions) endpoints(a *api.API) {
	read, change := web.Permitted(territory.PermitRead), web.Permitted(territory.PermitChange)
	op := func(method, path, id, summary string, need web.Access) api.Operation {
		return api.Operation{Method: method, Path: path, ID: id, Summary: summary, Tag: "editions",
			Access: need}
	}
	get, post := http.MethodGet, http.MethodPost
	api.Add(a, op(get, "/editions", "listEditions", "Editions taken over, the latest first.", read),
		g.apiEditions)
	api.Add(a, op(get, "/editions/{id}", "getEdition", "An edition and what it changed.", read),
		g.apiEdition)
	api.Add(a, op(get, "/editions/{id}/anomalies", "listAnomalies", "What was odd about an edition's rows.",
		read), g.apiAnomalies)
	api.Add(a, op(get, "/suggestions", "listSuggestions", "Merges and splits that editions make likely.",
		read), g.apiSuggestions)
	api.Add(a, op(post, "/suggestions/{id}/decision", "decideSuggestion", "Confirm or reject a suggestion.",
		change), g.apiDecide)
}

// Numbered is part of the input of what is about one thing.
type Numbered struct {
	ID int64 `path:"id" minimum:"0"`
}

type partBody struct {
	From  int64  `json:"from"`
	To    int64  `json:"to,omitempty"`
	Basis string `json:"basis"`
	Share int32  `json:"share" doc:"In 0.0001."`
}

// editionAnswer is an edition as programs see it.
type editionAnswer struct {
	ID          int64          `json:"id"`
	Scheme      string         `json:"scheme"`
	Effective   period.Date    `json:"effective"`
	File        string         `json:"file"`
	Hash        string         `json:"sha256"`
	Encoding    string         `json:"encoding"`
	State       string         `json:"state" enum:"applying,done"`
	Lines       int64          `json:"lines"`
	Counts      edition.Counts `json:"counts"`
	Errors      int64          `json:"errors"`
	Warnings    int64          `json:"warnings"`
	Notes       int64          `json:"notes"`
	Steps       int64          `json:"steps"`
	Applied     int64          `json:"applied"`
	RecordedDay period.Date    `json:"recorded_on"`
}

func editionAnswerOf(e Edition) editionAnswer {
	return editionAnswer{e.ID, string(e.Scheme), e.Effective, e.File, e.Hash, e.Encoding, e.State, e.Lines,
		e.Counts(), e.Errors, e.Warnings, e.Notes, e.Steps, e.Applied, e.Recorded.Date()}
}

func (g *Editions) apiEditions(ctx context.Context, in *api.Paged) (*api.List[editionAnswer], error) {
	after, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	list, next, err := g.editionsFrom(ctx, after, in.Limit)
	if err != nil {
		return nil, err
	}
	var rows []editionAnswer
	for _, e := range list {
		rows = append(rows, editionAnswerOf(e))
	}
	return api.Listed(*in, rows, next), nil
}

type editionOutput struct {
	ETag string `header:"ETag"`
	Body editionAnswer
}

func (g *Editions) apiEdition(ctx context.Context, in *Numbered) (*editionOutput, error) {
	e, err := g.oneEdition(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &editionOutput{api.ETag(e.Version), editionAnswerOf(e)}, nil
}

type anomalyBody struct {
	Number   int64  `json:"number"`
	Severity string `json:"severity" enum:"error,warning,note"`
	Key      string `json:"key"`
	Row      int    `json:"row,omitempty"`
	Column   string `json:"column,omitempty"`
	Value    string `json:"value,omitempty"`
	Chinese  string `json:"zh"`
	English  string `json:"en"`
}

func (g *Editions) apiAnomalies(ctx context.Context, in *struct {
	Numbered
	api.Paged
	Severity string `query:"severity" enum:"error,warning,note"`
	Key      string `query:"key" maxLength:"100"`
}) (*api.List[anomalyBody], error) {
	if _, err := g.oneEdition(ctx, in.ID); err != nil {
		return nil, err
	}
	cursor, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	after, err := web.Number("after", cursor)
	if err != nil {
		return nil, err
	}
	list, err := g.Anomalies(ctx, AnomalyQuery{Edition: in.ID, Subject: in.Key, Severity: in.Severity,
		After: after, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	next := ""
	if len(list) > in.Limit {
		list = list[:in.Limit]
		next = strconv.FormatInt(list[in.Limit-1].Number, 10)
	}
	var rows []anomalyBody
	for _, a := range list {
		said := g.host.Dictionary.Words(a.Key, a.Args...)
		rows = append(rows, anomalyBody{a.Number, string(a.Severity), a.Key, a.Row, a.Column, a.Value,
			said.Chinese, said.English})
	}
	return api.Listed(in.Paged, rows, next), nil
}

type suggestionBody struct {
	ID        int64       `json:"id"`
	Version   int64       `json:"version"`
	Edition   int64       `json:"edition"`
	Act       string      `json:"act" enum:"merge,split,boundary"`
	Reason    string      `json:"reason"`
	Effective period.Date `json:"effective"`
	State     string      `json:"state" enum:"waiting,confirmed,rejected"`
	Event     int64       `json:"event,omitempty"`
	Remark    string      `json:"remark,omitempty"`
	Parts     []partBody  `json:"parts"`
}

func suggestionBodyOf(p Proposed) suggestionBody {
	b := suggestionBody{p.ID, p.Version, p.Edition, string(p.Act), p.Reason, p.Effective, p.State, p.Event,
		p.Remark, []partBody{}}
	for _, part := range p.Parts {
		b.Parts = append(b.Parts, partBody{part.From, part.To, part.Basis, part.Share})
	}
	return b
}

func (g *Editions) apiSuggestions(ctx context.Context, in *struct {
	api.Paged
	State   string `query:"state" enum:"waiting,confirmed,rejected"`
	Edition int64  `query:"edition" minimum:"0"`
}) (*api.List[suggestionBody], error) {
	cursor, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	after, err := web.Number("after", cursor)
	if err != nil {
		return nil, err
	}
	list, _, err := g.Suggestions(ctx, SuggestionQuery{State: in.State, Edition: in.Edition, After: after,
		Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	next := ""
	if len(list) > in.Limit {
		list = list[:in.Limit]
		next = strconv.FormatInt(list[in.Limit-1].ID, 10)
	}
	var rows []suggestionBody
	for _, p := range list {
		rows = append(rows, suggestionBodyOf(p))
	}
	return api.Listed(in.Paged, rows, next), nil
}

type suggestionOutput struct {
	ETag string `header:"ETag"`
	Body suggestionBody
}

func (g *Editions) apiDecide(ctx context.Context, in *struct {
	Numbered
	api.Matching
	Body struct {
		Confirm  bool   `json:"confirm"`
		Document string `json:"document,omitempty" maxLength:"100" doc:"Cited by the act."`
		Remark   string `json:"remark,omitempty" maxLength:"1000" doc:"Needed to reject."`
	}
}) (*suggestionOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	_, err = g.Decide(ctx, Decision{Suggestion: in.ID, Version: version, Confirm: in.Body.Confirm,
		Document: in.Body.Document, Remark: in.Body.Remark})
	if err != nil {
		return nil, err
	}
	list, _, err := g.Suggestions(ctx, SuggestionQuery{After: in.ID - 1, Limit: 1})
	if err != nil {
		return nil, err
	}
	return &suggestionOutput{api.ETag(list[0].Version), suggestionBodyOf(list[0])}, nil
}
