package gazetteer

import (
	"context"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// What the forms of this module have in common.

// refusal explains an error on the page of its form, places by their names.
func refusal(r *web.Request, err error) (*web.Refused, error) {
	if f := fault.Of(err); f != nil && len(f.Findings) > 0 {
		named := *f
		named.Findings = territory.InWords(f.Findings)
		err = &named
	}
	return r.Refused(err)
}

// mendable reports whether a person can mend what was refused on the form itself.
func mendable(err error) bool {
	for _, code := range []fault.Code{fault.Invalid, fault.Conflict, fault.NotFound, fault.TooLarge,
		fault.Stale} {
		if fault.Is(err, code) {
			return true
		}
	}
	return false
}

// withDone is an address that says on arrival what has been done.
func withDone(path, what string) web.Answer {
	join := "?"
	if strings.Contains(path, "?") {
		join = "&"
	}
	return web.Redirect(path + join + web.DoneField + "=gazetteer." + what)
}

// named are the places that people mean by codes, #numbers or names on a day. Empty ones are passed
// over.
func (g *Gazetteer) named(ctx context.Context, on period.Date, texts []string) ([]int64, error) {
	var all []int64
	for _, text := range texts {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		p, err := g.places.Resolve(ctx, text, on)
		if err != nil {
			return nil, err
		}
		all = append(all, p.ID)
	}
	return all, nil
}

// one is the place that a person means; nothing entered is none.
func (g *Gazetteer) one(ctx context.Context, on period.Date, text string) (int64, error) {
	list, err := g.named(ctx, on, []string{text})
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0], nil
}
