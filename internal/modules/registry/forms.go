package registry

import (
	"context"

	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/formpage"
)

// forms are the forms of the module's pages. Their labels are dictionary entries: registry.enter.name.
type forms struct {
	enter, amend, appoint, leave, relative, merge, divide, piece *form.Definition
}

// mergedAtOnce is how many organisations the page of a merger takes.
const mergedAtOnce = 3

// piecesMax is how many successors the page of a division takes.
const piecesMax = 4

// sourceFields name those to be merged on the page.
var sourceFields = [mergedAtOnce]string{"source1", "source2", "source3"}

// start makes the forms; the dictionary is read by now.
func (g *Registry) start(context.Context) error {
	var err error
	define := func(into **form.Definition, key string, codes []form.CodeList, fields ...form.Field) {
		if err == nil {
			*into, err = formpage.Define(g.host.Dictionary, key, codes, fields...)
		}
	}
	place := form.Field{Key: "place", Kind: form.PlaceCode, Required: true}
	define(&g.forms.enter, "registry.enter", nil, append([]form.Field{place}, ownFields...)...)
	define(&g.forms.amend, "registry.enter", nil, ownFields...)
	define(&g.forms.appoint, "registry.appoint", []form.CodeList{g.offices()},
		form.Field{Key: "office", Kind: form.Choice, Codes: "registry.office", Required: true},
		form.Field{Key: "name", Kind: form.Text, Required: true, MaxLength: personMax},
		form.Field{Key: "phone", Kind: form.Code, MaxLength: phoneMax},
		form.Field{Key: "since", Kind: form.Date, Required: true})
	define(&g.forms.leave, "registry.leave", nil, form.Field{Key: "on", Kind: form.Date, Required: true})
	define(&g.forms.relative, "registry.relative", []form.CodeList{g.relations()},
		form.Field{Key: "relation", Kind: form.Choice, Codes: "registry.relation", Required: true},
		form.Field{Key: "name", Kind: form.Text, Required: true, MaxLength: personMax})
	var sources []form.Field
	for i, key := range sourceFields {
		sources = append(sources, form.Field{Key: key, Kind: form.PlaceCode, Required: i == 0})
	}
	define(&g.forms.merge, "registry.merge", nil, append(sources, approvalFields...)...)
	define(&g.forms.divide, "registry.divide", nil, approvalFields...)
	pieces := []form.Field{{Key: "share", Kind: form.Percent, Required: true}, place}
	for _, f := range ownFields {
		if f.Key != "established" { // a successor begins on the day of the division
			pieces = append(pieces, f)
		}
	}
	define(&g.forms.piece, "registry.enter", nil, pieces...)
	return err
}

// ownFields are what is asked of an organisation beside its place. The module checks the credit code
// itself: it tells which of the checks failed.
var ownFields = []form.Field{
	{Key: "name", Kind: form.Text, Required: true, MaxLength: nameMax},
	{Key: "code", Kind: form.Code},
	{Key: "acting", Kind: form.Flag},
	{Key: "acting_body", Kind: form.Text, MaxLength: nameMax},
	{Key: "established", Kind: form.Date},
	{Key: "members", Kind: form.Integer, Min: "0", Max: "1000000"},
	{Key: "representatives", Kind: form.Integer, Min: "0", Max: "1000000"},
	{Key: "survey_area", Kind: form.AreaMu, Min: "0"},
	{Key: "note", Kind: form.Long, MaxLength: noteMax},
}

// approvalFields are on what a merger or division rests.
var approvalFields = []form.Field{
	{Key: "approved", Kind: form.Date, Required: true},
	{Key: "document", Kind: form.Text, Required: true, MaxLength: documentMax},
	{Key: "on", Kind: form.Date, Required: true},
	{Key: "told", Kind: form.Date},
}

// offices is the code list of offices, in the words of the dictionary.
func (g *Registry) offices() form.CodeList {
	list := form.CodeList{Key: "registry.office", Title: g.host.Dictionary.Words("registry.appoint.office")}
	for _, office := range Offices {
		words := g.host.Dictionary.Words("registry.office." + string(office))
		list.Entries = append(list.Entries, form.Entry{Code: form.Scalar(office), Chinese: words.Chinese,
			English: words.English})
	}
	return list
}

// relations is the code list of relations, in the words of the dictionary.
func (g *Registry) relations() form.CodeList {
	list := form.CodeList{Key: "registry.relation",
		Title: g.host.Dictionary.Words("registry.relative.relation")}
	for _, relation := range Relations {
		words := g.host.Dictionary.Words("registry.relation." + string(relation))
		list.Entries = append(list.Entries, form.Entry{Code: form.Scalar(relation), Chinese: words.Chinese,
			English: words.English})
	}
	return list
}

// organisationOf reads what a form was filled in with.
func organisationOf(r form.Record) Organisation {
	return Organisation{Name: r.Text("name"), Code: r.Text("code"), Acting: r.Flag("acting"),
		ActingBody: r.Text("acting_body"), Established: r.Date("established"), Members: r.Int("members"),
		Representatives: r.Int("representatives"), SurveyArea: r.Area("survey_area"), Note: r.Text("note")}
}

// approvalOf reads on what a merger or division rests.
func approvalOf(r form.Record) Approval {
	return Approval{On: r.Date("on"), Approved: r.Date("approved"), Document: r.Text("document"),
		Told: r.Date("told")}
}
