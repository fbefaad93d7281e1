package evaluation

import (
	"context"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// PackOrder asks for the runs of a scheme of the pack over years.
type PackOrder struct {
	Scheme       string // key
	Title        string // empty: the scheme's
	From, To     int    // years, both included
	Seed         int64
	Replications int
}

// FromPack makes runs of a scheme of the pack.
type FromPack func(ctx context.Context, actor access.Actor, o PackOrder) ([]Run, error)

// UsePack says who draws the figures of the pack's schemes: the module that knows indicators and
// statistics needs this one, so that it cannot be asked by name.
func (e *Evaluation) UsePack(draw FromPack) { e.packed = draw }

// ParseYears reads 2014-2017, or 2017.
func ParseYears(text string) (from, to int, err error) {
	first, last, span := strings.Cut(text, "-")
	if !span {
		last = first
	}
	from, wrong := strconv.Atoi(strings.TrimSpace(first))
	to, also := strconv.Atoi(strings.TrimSpace(last))
	if wrong != nil || also != nil {
		return 0, 0, fault.New(fault.Invalid, "evaluation.years", text)
	}
	return from, to, nil
}

// packCommand keeps the runs of a scheme of the pack.
func (e *Evaluation) packCommand(ctx context.Context, o Order, scheme, years string) error {
	if e.packed == nil {
		return fault.New(fault.Unavailable, "evaluation.no_pack")
	}
	from, to, err := ParseYears(years)
	if err != nil {
		return err
	}
	runs, err := e.packed(ctx, access.From(ctx), PackOrder{Scheme: scheme, Title: o.Title, From: from,
		To:   to,
		Seed: o.Seed, Replications: o.Replications})
	for _, run := range runs {
		e.host.Console.Say("evaluation.kept_from_pack", strconv.FormatInt(run.Home, 10)+"/"+
			strconv.FormatInt(run.ID, 10), run.Title, run.Source, run.ResultHash)
	}
	return err
}
