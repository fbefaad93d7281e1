package gazetteer

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Areas, editions, anomalies and suggestions as programs see them.

// areaBody is an area on a day.
type areaBody struct {
	ID         int64        `json:"id"`
	Label      string       `json:"label"`
	Title      words.Words  `json:"title"`
	Kind       string       `json:"kind"`
	Since      period.Date  `json:"since"`
	Until      period.Date  `json:"until,omitempty"`
	Unverified bool         `json:"unverified,omitempty"`
	Count      int          `json:"count" doc:"Members on the day."`
	Members    []memberBody `json:"members,omitempty"`
}

type memberBody struct {
	Place int64       `json:"place"`
	Name  string      `json:"name"`
	Since period.Date `json:"since"`
	Until period.Date `json:"until,omitempty"`
}

func areaBodyOf(a territory.Area) areaBody {
	return areaBody{ID: a.ID, Label: a.Label, Title: titleOf(a), Kind: string(a.Kind), Since: a.Since,
		Until: ending(a.Until), Unverified: a.Mark == territory.Unverified}
}

func (g *Gazetteer) apiAreas(ctx context.Context, in *Dated) (*api.List[areaBody], error) {
	on, err := in.day(g)
	if err != nil {
		return nil, err
	}
	list, err := g.places.Areas(ctx, on)
	if err != nil {
		return nil, err
	}
	counts, err := g.places.MemberCounts(ctx, on)
	var rows []areaBody
	for _, a := range list {
		b := areaBodyOf(a)
		b.Count = counts[a.ID]
		rows = append(rows, b)
	}
	return api.Listed(api.Paged{}, rows, ""), err
}

type areaOutput struct {
	ETag string `header:"ETag"`
	Body areaBody
}

func (g *Gazetteer) apiArea(ctx context.Context, in *struct {
	Numbered
	Dated
}) (*areaOutput, error) {
	on, err := in.day(g)
	if err != nil {
		return nil, err
	}
	a, members, err := g.places.Area(ctx, in.ID, on)
	if err != nil {
		return nil, err
	}
	t, err := g.places.At(ctx, on)
	if err != nil {
		return nil, err
	}
	b := areaBodyOf(a)
	b.Count = len(members)
	version := a.Version
	for _, m := range members {
		version += m.Version
		name := ""
		if n := t.Find(m.Place); n != tree.None {
			name = t.Name(n)
		}
		b.Members = append(b.Members, memberBody{m.Place, name, m.Since, ending(m.Until)})
	}
	return &areaOutput{api.ETag(version), b}, nil
}
