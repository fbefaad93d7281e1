package commitments

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// lateParameter is within how many days a transfer is to be booked.
const lateParameter = "supervision.transfer_days"

// lateBefore is the day before which a transfer that is not booked is late.
func (s *Commitments) lateBefore() period.Date {
	today := s.host.Today()
	days, err := s.host.Packs.Int(lateParameter, today)
	if err != nil {
		return "" // nothing is called late by a place that does not say when
	}
	return today.AddDays(-int(days))
}

func (s *Commitments) transfers(r *web.Request) (web.Answer, error) {
	list := web.List[row[Transfer]]{Name: "commitments.transfers", Columns: s.transferColumns(r),
		Filters: []web.Filter{{Key: "q", Kind: web.TextFilter}, {Key: "place", Kind: web.PlaceFilter},
			{Key: "kind", Kind: web.Choice, Options: s.options(r, record.Subsidies)},
			{Key: "course", Kind: web.Choice, Options: append(told(r, "commitments.course.",
				record.Courses),
				web.Option{Value: lateCourse, Text: r.T("commitments.course.late")})},
			{Key: "organisation", Kind: web.TextFilter}},
		Sorts: transferSortKeys, AboveView: "commitments/above", Above: s.above(r, true)}
	list.Load = func(ctx context.Context, q web.Query) (rows web.Rows[row[Transfer]], err error) {
		p, err := s.paged(ctx, r.Scope(MayRead), r.Actor, q)
		if err != nil {
			return rows, err
		}
		return load(ctx, s, p, func(v *store.View, p page) (Found[Transfer], error) {
			return SearchTransfers(v, s.transferQuery(p, q.Filter))
		}, ownerOfTransfer)
	}
	return list.Answer(r)
}

// lateCourse is the choice of what is announced and late.
const lateCourse = "late"

func (s *Commitments) transferQuery(p page, f map[string]string) TransferQuery {
	q := TransferQuery{page: p, Kind: f["kind"], Course: Course(f["course"]), Text: f["q"]}
	if q.Course == lateCourse {
		q.Course, q.Late, q.Before = "", true, s.lateBefore()
	}
	return q
}

// options are the entries of a code list.
func (s *Commitments) options(r *web.Request, list string) []web.Option {
	return formpage.Options(r, s.codes.Load().Lists[list])
}

func (s *Commitments) transferColumns(r *web.Request) []web.Column[row[Transfer]] {
	c := s.codes.Load()
	late := s.lateBefore()
	return []web.Column[row[Transfer]]{
		{Key: "document", Cell: func(a row[Transfer]) web.Cell {
			return web.Cell{Text: a.Row.Document, Href: TransferAddress(refOfTransfer(a.Row))}
		}},
		{Key: "owner", Cell: func(a row[Transfer]) web.Cell {
			return web.Cell{Text: a.Owner, Href: registry.Address(ownerOfTransfer(a.Row))}
		}},
		{Key: "kind", Cell: func(a row[Transfer]) web.Cell {
			return plain(c.Word(r.Language, record.Subsidies, a.Row.Kind))
		}},
		{Key: "project", Cell: func(a row[Transfer]) web.Cell { return plain(a.Row.Project) }},
		{Key: "amount", Number: true,
			Cell: func(a row[Transfer]) web.Cell { return moneyCell(a.Row.Amount) }},
		{Key: "day", Cell: func(a row[Transfer]) web.Cell { return plain(string(a.Row.Day)) }},
		{Key: "booked", Cell: func(a row[Transfer]) web.Cell { return plain(string(a.Row.Booked)) }},
		{Key: "manner", Hidden: true, Cell: func(a row[Transfer]) web.Cell {
			if a.Row.Manner == "" {
				return plain("")
			}
			return plain(r.T("commitments.manner." + string(a.Row.Manner)))
		}},
		{Key: "course", Cell: func(a row[Transfer]) web.Cell {
			name, tone := courseOf(a.Row, late)
			return web.Cell{Text: r.T("commitments.course." + name), Status: tone}
		}},
	}
}

// courseOf is the word for where a transfer stands, and its mark.
func courseOf(t Transfer, late period.Date) (name, tone string) {
	switch {
	case t.Course == Matched:
		return string(Matched), "done"
	case t.Course == Cancelled:
		return string(Cancelled), "stopped"
	case t.Day < late:
		return lateCourse, "overdue"
	}
	return string(Announced), "waiting"
}
