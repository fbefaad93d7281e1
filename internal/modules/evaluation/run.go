package evaluation

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"runtime"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/modules/rating"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// The limits of a run that is kept.
const (
	SizeMax         = 20 << 20 // bytes of its figures
	ReplicationsMax = 10_000
	titleMax        = 100 // characters
)

// Order is what a run is to be made of.
type Order struct {
	Place        int64 // that is evaluated; the run's home is the place's
	Title        string
	Scheme       string      // YAML
	Figures      score.Sheet // rows an area, or an area and time
	Source       string      // where the figures are from, in words
	Edition      period.Date // of the tree of places; empty: none
	Seed         int64
	Replications int
}

// evaluated is what somebody's runs are of, if they do not say: the city; where the installation has none,
// the place at which they may compute.
func (e *Evaluation) evaluated(actor access.Actor) int64 {
	place := e.places.City()
	for _, post := range actor.Posts {
		if place == 0 && e.host.Access.Can(actor, Compute, post.Place) {
			place = post.Place
		}
	}
	return place
}

// Make computes a run and keeps it as its author's draft.
func (e *Evaluation) Make(ctx context.Context, actor access.Actor, o Order) (Run, error) {
	if err := e.host.Access.Require(actor, Compute, o.Place); err != nil {
		return Run{}, err
	}
	made, err := e.compute(o)
	if err != nil {
		return Run{}, err
	}
	var run Run
	err = e.host.Store.Write(ctx, func(tx *store.Tx) (err error) {
		run, err = e.keep(tx, actor, o, made)
		return err
	})
	return run, err
}

// computed is a run before it is kept.
type computed struct {
	scheme  score.Scheme
	result  result.Result
	figures string // CSV
	text    string // of the result
}

// compute refuses what is wrong with an order, and computes it.
func (e *Evaluation) compute(o Order) (c computed, err error) {
	o.Title = strings.TrimSpace(o.Title)
	if o.Title == "" || len([]rune(o.Title)) > titleMax {
		return c, fault.New(fault.Invalid, "evaluation.title", titleMax)
	}
	if o.Replications < 0 || o.Replications > ReplicationsMax {
		return c, fault.New(fault.Invalid, "evaluation.replications", o.Replications, ReplicationsMax)
	}
	if c.scheme, err = rating.ParseScheme(o.Title, []byte(o.Scheme)); err != nil {
		return c, err
	}
	if c.figures, err = figuresOf(o.Figures); err != nil {
		return c, err
	}
	c.result, err = computeFrom(c.scheme, c.figures, o.Seed, o.Replications)
	if err != nil {
		return c, err
	}
	c.text, err = c.result.Text()
	return c, err
}

// computeFrom is what a run answers by what is kept of it.
func computeFrom(s score.Scheme, figures string, seed int64, replications int) (result.Result, error) {
	rows, err := csv.NewReader(strings.NewReader(figures)).ReadAll()
	if err != nil {
		return result.Result{}, fault.New(fault.Invalid, "evaluation.figures").Because(err)
	}
	table, _, err := score.ReadData(score.Sheet{Name: figuresName, Rows: rows}, s)
	if err != nil {
		return result.Result{}, err
	}
	return result.Compute(s, table, result.Options{Seed: uint64(seed), Replications: replications,
		Methods: rating.Methods()})
}

// figuresName is what figures are called in findings about them once they are kept.
const figuresName = "figures.csv"

// figuresOf writes a sheet as CSV with rows of one length, as which it is kept.
func figuresOf(s score.Sheet) (string, error) {
	var body bytes.Buffer
	w, width := csv.NewWriter(&body), 0
	for _, row := range s.Rows {
		width = max(width, len(row))
	}
	for _, row := range s.Rows {
		row = append(row[:len(row):len(row)], make([]string, width-len(row))...)
		if err := w.Write(row); err != nil {
			return "", err
		}
	}
	w.Flush()
	if body.Len() > SizeMax {
		return "", fault.New(fault.TooLarge, "evaluation.figures_too_large", body.Len()>>20, SizeMax>>20)
	}
	return body.String(), w.Error()
}

// keep writes a run with its texts.
func (e *Evaluation) keep(tx *store.Tx, actor access.Actor, o Order, c computed) (Run, error) {
	home := e.places.Home(o.Place)
	id, err := tx.NextID(home, "evaluation_run")
	if err != nil {
		return Run{}, err
	}
	indicators := 0
	for _, n := range c.result.Nodes {
		if n.Level == 1 {
			indicators++
		}
	}
	run := Run{Home: home, ID: id, Place: o.Place, Title: strings.TrimSpace(o.Title), Scheme: c.scheme.Key,
		Source: o.Source, Edition: o.Edition, State: Draft, Areas: areas(c.result),
		Times: strings.Join(c.result.Periods(), " "), Indicators: int64(indicators), Seed: o.Seed,
		Replications: int64(o.Replications), Machine: runtime.GOARCH, SchemeHash: hashOf(o.Scheme),
		FiguresHash: hashOf(c.figures), ResultHash: hashOf(c.text), Author: actor.Account, Made: tx.Now()}
	if err := runs.Insert(tx, &run); err != nil {
		return run, err
	}
	for _, part := range []content{{Part: schemePart, Content: o.Scheme},
		{Part: figuresPart, Content: c.figures}, {Part: resultPart, Content: c.text}} {
		part.Home, part.Run = home, id
		if err := contents.Insert(tx, &part); err != nil {
			return run, err
		}
	}
	_, err = tx.Record(e.event(run, "evaluation.computed", actor, madeBody{run.Title, run.Scheme,
		run.SchemeHash, run.FiguresHash, run.ResultHash}))
	return run, err
}

// areas counts the areas of a result, each once however many times it has.
func areas(r result.Result) int64 {
	seen := map[string]bool{}
	for _, code := range r.Areas {
		seen[code] = true
	}
	return int64(len(seen))
}

// madeBody is what events say of a run: with the hashes anybody can tell whether what they hold is it.
type madeBody struct {
	Title   string `json:"title"`
	Scheme  string `json:"scheme,omitempty"`
	Hash    string `json:"scheme_sha256"`
	Figures string `json:"figures_sha256"`
	Result  string `json:"result_sha256"`
}

func (e *Evaluation) event(run Run, kind string, actor access.Actor, body any) store.Event {
	return store.Event{Home: run.Home, Kind: kind, Subject: subject(run.Ref()), Place: run.Place,
		Actor: actor.Account, Body: body}
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Sheet reads figures from a file that somebody sends: CSV or a workbook.
func Sheet(u sheet.Upload) (score.Sheet, error) { return rating.ReadSheet(u) }
