package statistics

import (
	"context"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// placing finds the places of a file's rows.
type placing struct {
	service *Statistics
	mapping Mapping
	prefix  string      // of all codes of the city
	since   period.Date // when the tree of places begins
	known   map[placed]answer
}

type placed struct {
	code string
	on   period.Date
}

// answer is a place, or why there is none.
type answer struct {
	place   int64
	name    string
	outside bool // not in the city
	wrong   *fault.Finding
}

func (s *Statistics) placing(ctx context.Context, m Mapping) (*placing, error) {
	city := s.places.City()
	if city == 0 {
		return nil, fault.New(fault.Unavailable, "statistics.no_city")
	}
	record, err := s.places.Record(ctx, city, s.host.Today())
	if err != nil {
		return nil, err
	}
	return &placing{s, m, prefixOf(s.host.Packs.City()), record.States[0].Since, map[placed]answer{}}, nil
}

// prefixOf are the digits that all codes of a city begin with: 50 of 500000, 4207 of 420700.
func prefixOf(code string) string {
	prefix := strings.TrimRight(code, "0")
	if len(prefix)%2 == 1 {
		prefix += "0"
	}
	return prefix
}

// day is the day whose codes a row of a year has. A tree that begins later is asked for its first day: its
// places then are what the file's can be compared with.
func (p *placing) day(year int) period.Date {
	day := period.Date(p.mapping.Codes)
	if p.mapping.Codes == ByYear {
		day = period.OfYear(year).Last()
	}
	return max(day, p.since)
}

// of finds the place of a code in a year.
func (p *placing) of(ctx context.Context, code string, year int) (answer, error) {
	at := placed{code, p.day(year)}
	if a, done := p.known[at]; done {
		return a, nil
	}
	a, err := p.find(ctx, at)
	if err == nil {
		p.known[at] = a
	}
	return a, err
}

func (p *placing) find(ctx context.Context, at placed) (answer, error) {
	full, shaped := division.FullCode(at.code)
	if !shaped {
		return refusal("statistics.place.code", at.code), nil
	}
	if !strings.HasPrefix(at.code, p.prefix) {
		return answer{outside: true}, nil
	}
	place, err := p.service.places.ByCode(ctx, "", at.code, at.on)
	switch {
	case fault.Is(err, fault.NotFound):
		return refusal("statistics.place.unknown", at.code), nil
	case err != nil:
		return answer{}, err
	case place.Stands && place.Code == full:
		return answer{place: place.ID, name: place.Name}, nil
	case place.Stands:
		return answer{place: place.ID}, nil // the same place under another code: certain, whatever its name
	case place.Since > at.on:
		return refusal("statistics.place.later", at.code, place.Name, string(place.Since), string(at.on)),
			nil
	}
	heirs, err := p.service.places.Successors(ctx, place.ID, at.on)
	if err != nil {
		return answer{}, err
	}
	return refusal("statistics.place.gone", at.code, place.Name, string(place.Until), named(heirs)), nil
}

func refusal(key string, args ...any) answer {
	f := fault.Wrong(key, args...)
	return answer{wrong: &f}
}

// named lists successors: 两江新区、北碚区.
func named(heirs []territory.Successor) string {
	var names []string
	for _, h := range heirs {
		names = append(names, h.Name)
	}
	if len(names) == 0 {
		return "–"
	}
	return strings.Join(names, "、")
}
