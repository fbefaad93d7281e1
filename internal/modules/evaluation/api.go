package evaluation

import (
	"context"
	"net/http"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// tag groups the operations.
const tag = "Evaluation"

// Named names a run. It is exported because embedded fields are filled only so.
type Named struct {
	Home int64 `path:"home" minimum:"0"`
	ID   int64 `path:"id" minimum:"1"`
}

// runOut is a run as programs see it.
type runOut struct {
	Home         int64       `json:"home"`
	ID           int64       `json:"id"`
	Version      int64       `json:"version"`
	Place        int64       `json:"place"`
	Title        string      `json:"title"`
	Scheme       string      `json:"scheme,omitempty" doc:"Key of the scheme."`
	Source       string      `json:"source" doc:"File of the figures, or measures."`
	Edition      period.Date `json:"edition,omitempty" doc:"Day of the tree of places, if any."`
	State        State       `json:"state" enum:"draft,published,withdrawn"`
	Areas        int64       `json:"areas"`
	Times        []string    `json:"times,omitempty"`
	Indicators   int64       `json:"indicators"`
	Seed         int64       `json:"seed"`
	Replications int64       `json:"replications"`
	SchemeHash   string      `json:"scheme_sha256"`
	FiguresHash  string      `json:"figures_sha256"`
	ResultHash   string      `json:"result_sha256"`
	Reason       string      `json:"reason,omitempty" doc:"Of withdrawing."`
}

func outOf(run Run) runOut {
	return runOut{run.Home, run.ID, run.Version, run.Place, run.Title, run.Scheme, run.Source, run.Edition,
		run.State, run.Areas, run.Periods(), run.Indicators, run.Seed, run.Replications, run.SchemeHash,
		run.FiguresHash, run.ResultHash, run.Reason}
}

type runAnswer struct {
	ETag string `header:"ETag"`
	Body runOut
}

func answerOf(run Run) *runAnswer { return &runAnswer{api.ETag(run.Version), outOf(run)} }

func (e *Evaluation) endpoints(a *api.API) {
	op := func(method, path, id, summary string, need access.Permit) api.Operation {
		return api.Operation{Method: method, Path: path, ID: id, Summary: summary, Tag: tag,
			Access: web.Permitted(need)}
	}
	const one = "/evaluations/{home}/{id}"
	api.Add(a, op(http.MethodGet, "/evaluations", "listEvaluations",
		"Runs of indices that you may see, the newest first.", Read), e.apiList)
	create := op(http.MethodPost, "/evaluations", "createEvaluation",
		"Compute a run from a scheme and its figures, and keep it as your draft.", Compute)
	create.BodyMax, create.Status = 2*SizeMax, http.StatusCreated
	api.Add(a, create, e.apiCreate)
	api.Add(a, op(http.MethodGet, one, "getEvaluation", "A run with the hashes of its parts.", Read),
		e.apiGet)
	api.Add(a, op(http.MethodGet, one+"/scheme", "getEvaluationScheme",
		"The scheme of a run, byte for byte as it was computed.", Read), e.apiPart(schemePart))
	api.Add(a, op(http.MethodGet, one+"/figures", "getEvaluationFigures",
		"The figures of a run, byte for byte as it was computed.", Read), e.apiPart(figuresPart))
	api.Add(a, op(http.MethodGet, one+"/result", "getEvaluationResult",
		"Scores, ranks, weights, changes and spreads of a run.", Read), e.apiResult)
	api.Add(a, op(http.MethodPost, one+"/publish", "publishEvaluation",
		"Make a draft of somebody else the city's. It is frozen from then on.", Release), e.apiPublish)
	api.Add(a, op(http.MethodPost, one+"/withdraw", "withdrawEvaluation",
		"Say that a published run must not be used any more.", Release), e.apiWithdraw)
	api.Add(a, op(http.MethodPost, one+"/verify", "verifyEvaluation",
		"Compute a run again from what is kept of it, and say what differs.", Read), e.apiVerify)
}

type listIn struct {
	api.Paged
	State string `query:"state" enum:"draft,published,withdrawn" doc:"Absent: any."`
	Text  string `query:"q" maxLength:"100" doc:"Part of the title."`
}

func (e *Evaluation) apiList(ctx context.Context, in *listIn) (*api.List[runOut], error) {
	after, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	found, err := store.Read(ctx, e.host.Store, func(v *store.View) (Found, error) {
		return e.Find(v, access.From(ctx), Search{State: State(in.State), Text: in.Text, After: after,
			Limit: in.Limit})
	})
	if err != nil {
		return nil, err
	}
	rows := make([]runOut, len(found.Runs))
	for i, run := range found.Runs {
		rows[i] = outOf(run)
	}
	return api.Listed(in.Paged, rows, found.Next), nil
}

// seen is the run that is named, with a part of its content where one is asked for.
func (e *Evaluation) seen(ctx context.Context, in *Named, part string) (run Run, content string,
	err error) {
	err = e.host.Store.View(ctx, func(v *store.View) (err error) {
		if run, err = e.Seen(v, access.From(ctx), Ref{in.Home, in.ID}); err != nil || part == "" {
			return err
		}
		content, err = text(v, run.Ref(), part)
		return err
	})
	return run, content, err
}

func (e *Evaluation) apiGet(ctx context.Context, in *Named) (*runAnswer, error) {
	run, _, err := e.seen(ctx, in, "")
	if err != nil {
		return nil, err
	}
	return answerOf(run), nil
}

// partAnswer is a part of a run's content: its hash is the one that was published.
type partAnswer struct {
	Body struct {
		Content string `json:"content"`
		Hash    string `json:"sha256"`
	}
}

func (e *Evaluation) apiPart(part string) func(context.Context, *Named) (*partAnswer, error) {
	return func(ctx context.Context, in *Named) (*partAnswer, error) {
		_, content, err := e.seen(ctx, in, part)
		if err != nil {
			return nil, err
		}
		answer := &partAnswer{}
		answer.Body.Content, answer.Body.Hash = content, hashOf(content)
		return answer, nil
	}
}

// nodeOut is an indicator or aggregate with what came out of it; null is missing.
type nodeOut struct {
	Code      string     `json:"code"`
	Name      string     `json:"name,omitempty"`
	Level     int        `json:"level"`
	Parent    string     `json:"parent,omitempty"`
	Weight    *float64   `json:"weight" doc:"Within its parent."`
	Effective *float64   `json:"effective" doc:"In the index."`
	Scores    []*float64 `json:"scores" doc:"By row; of indicators the normalised figures."`
	Ranks     []int      `json:"ranks" doc:"By row; 0: none."`
}

type spreadOut struct {
	Row    int      `json:"row"`
	Low    *float64 `json:"low"`
	High   *float64 `json:"high"`
	Median *float64 `json:"median"`
}

type resultAnswer struct {
	Body struct {
		Areas   []string    `json:"areas" doc:"By row."`
		Names   []string    `json:"names,omitempty"`
		Times   []string    `json:"times,omitempty"`
		Nodes   []nodeOut   `json:"nodes" doc:"Indicators first, the index last."`
		Dropped []string    `json:"dropped,omitempty"`
		Spreads []spreadOut `json:"spreads,omitempty" doc:"Ranks nine times in ten, under other choices."`
		Changes int         `json:"changes" doc:"Cells that a step changed."`
		Hash    string      `json:"sha256" doc:"Of the file of the result."`
	}
}

func (e *Evaluation) apiResult(ctx context.Context, in *Named) (*resultAnswer, error) {
	run, content, err := e.seen(ctx, in, resultPart)
	if err != nil {
		return nil, err
	}
	out, err := result.Read(content)
	if err != nil {
		return nil, err
	}
	answer := &resultAnswer{}
	b := &answer.Body
	b.Areas, b.Names, b.Times, b.Dropped = out.Areas, out.Names, out.Times, out.Dropped
	b.Changes, b.Hash, b.Nodes = len(out.Changes), run.ResultHash, []nodeOut{}
	for _, n := range out.Nodes {
		node := nodeOut{Code: n.Code, Name: n.Name, Level: n.Level, Weight: known(n.Weight),
			Effective: known(n.Effective), Ranks: n.Ranks, Scores: make([]*float64, len(n.Scores))}
		if n.Parent >= 0 {
			node.Parent = out.Nodes[n.Parent].Code
		}
		for i, x := range n.Scores {
			node.Scores[i] = known(x)
		}
		b.Nodes = append(b.Nodes, node)
	}
	for _, s := range out.Spreads {
		b.Spreads = append(b.Spreads, spreadOut{s.Row, known(s.Low), known(s.High), known(s.Median)})
	}
	return answer, nil
}

// known is a figure as JSON has it: what is missing or infinite is null.
func known(n result.Number) *float64 {
	x := float64(n)
	if x-x != 0 {
		return nil
	}
	return &x
}

type createIn struct {
	Body struct {
		Place        int64  `json:"place,omitempty" minimum:"0" doc:"That is evaluated; absent: the city."`
		Title        string `json:"title" maxLength:"400"`
		Scheme       string `json:"scheme" maxLength:"1048576" doc:"YAML."`
		Figures      string `json:"figures" doc:"CSV: a row an area, or an area and time."`
		Source       string `json:"source,omitempty" maxLength:"200" doc:"Where the figures are from."`
		Seed         int64  `json:"seed,omitempty" minimum:"0"`
		Replications int    `json:"replications,omitempty" minimum:"0" doc:"Of the uncertainty analysis."`
	}
}

// sourceSent is the source of figures that a program sent without saying where they are from.
const sourceSent = "figures.csv"

func (e *Evaluation) apiCreate(ctx context.Context, in *createIn) (*runAnswer, error) {
	b := in.Body
	o := Order{Place: b.Place, Title: b.Title, Scheme: b.Scheme, Source: b.Source, Seed: b.Seed,
		Replications: b.Replications}
	if o.Place == 0 {
		o.Place = e.evaluated(access.From(ctx))
	}
	if o.Source == "" || o.Source == FromMeasures {
		o.Source = sourceSent
	}
	if err := e.host.Access.Require(access.From(ctx), Compute, o.Place); err != nil {
		return nil, err
	}
	var err error
	if len(b.Figures) > SizeMax {
		return nil, fault.New(fault.TooLarge, "evaluation.figures_too_large", len(b.Figures)>>20,
			SizeMax>>20)
	}
	o.Figures, err = Sheet(sheet.Upload{Name: sourceSent, Content: strings.NewReader(b.Figures),
		Size: int64(len(b.Figures))})
	if err != nil {
		return nil, err
	}
	run, err := e.Make(ctx, access.From(ctx), o)
	if err != nil {
		return nil, err
	}
	return answerOf(run), nil
}

type publishIn struct {
	Named
	api.Matching
}

func (e *Evaluation) apiPublish(ctx context.Context, in *publishIn) (*runAnswer, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if _, _, err = e.seen(ctx, &in.Named, ""); err != nil {
		return nil, err
	}
	run, err := e.Publish(ctx, access.From(ctx), Ref{in.Home, in.ID}, version)
	if err != nil {
		return nil, err
	}
	return answerOf(run), nil
}

type withdrawIn struct {
	Named
	api.Matching
	Body struct {
		Reason string `json:"reason" maxLength:"2000"`
	}
}

func (e *Evaluation) apiWithdraw(ctx context.Context, in *withdrawIn) (*runAnswer, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if _, _, err = e.seen(ctx, &in.Named, ""); err != nil {
		return nil, err
	}
	run, err := e.Withdraw(ctx, access.From(ctx), Ref{in.Home, in.ID}, version, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return answerOf(run), nil
}

type verifyAnswer struct {
	Body struct {
		Agrees   bool     `json:"agrees"`
		Findings []string `json:"findings" doc:"Keys of what does not agree."`
	}
}

func (e *Evaluation) apiVerify(ctx context.Context, in *Named) (*verifyAnswer, error) {
	run, _, err := e.seen(ctx, in, "")
	if err != nil {
		return nil, err
	}
	wrong, err := store.Read(ctx, e.host.Store, func(v *store.View) ([]fault.Finding, error) {
		return Proof(v, run)
	})
	if err != nil {
		return nil, err
	}
	answer := &verifyAnswer{}
	answer.Body.Agrees, answer.Body.Findings = len(wrong) == 0, []string{}
	for _, f := range wrong {
		answer.Body.Findings = append(answer.Body.Findings, f.Key)
	}
	return answer, nil
}
