package registry

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/identifier"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Lengths and numbers an organisation may have.
const (
	nameMax    = 100
	noteMax    = 1000
	membersMax = 1_000_000
	// representativesMin is the number an assembly of representatives must exceed (Art. 28).
	representativesMin = 20
)

// named is the day from which names carry the words of Art. 21.
const named period.Date = "2025-05-01"

const namedWords = "集体经济组织"

// typeDigits are the type digits of collective organisations' credit codes by level.
var typeDigits = map[division.Level]byte{division.Group: identifier.GroupCollective,
	division.Village: identifier.VillageCollective, division.Township: identifier.TownshipCollective}

// subject names an organisation in events and cases.
func subject(id int64) string { return "organisation/" + strconv.FormatInt(id, 10) }

// check normalises an organisation and finds everything wrong with it.
func (g *Registry) check(o *Organisation) []fault.Finding {
	var findings []fault.Finding
	wrong := func(field string, f fault.Finding) { findings = append(findings, f.At("", 0, field)) }
	o.Name, o.ActingBody, o.Note = strings.TrimSpace(o.Name), strings.TrimSpace(o.ActingBody),
		strings.TrimSpace(o.Note)
	if o.Name == "" || utf8.RuneCountInString(o.Name) > nameMax {
		wrong("name", fault.Wrong("registry.wrong.name", nameMax))
	}
	if !o.Acting && o.Established >= named && !strings.Contains(o.Name, namedWords) {
		wrong("name", fault.Doubt("registry.wrong.name_words"))
	}
	if typeDigits[o.Level] == 0 {
		wrong("level", fault.Wrong("registry.wrong.level"))
	}
	if g.places.Level(o.Place) != o.Level || o.Level == 0 {
		wrong("place", fault.Wrong("registry.wrong.place"))
	}
	if f := checkCode(o); f != nil {
		wrong("code", *f)
	}
	if o.Acting && o.ActingBody == "" {
		wrong("acting_body", fault.Wrong("registry.wrong.acting_body"))
	}
	if o.Established != "" && (!o.Established.Valid() || o.Established > g.host.Today()) {
		wrong("established", fault.Wrong("registry.wrong.date"))
	}
	if o.Members < 0 || o.Members > membersMax || o.Representatives < 0 || o.Representatives > o.Members {
		wrong("members", fault.Wrong("registry.wrong.members", membersMax))
	}
	if o.Representatives > 0 && o.Representatives <= representativesMin {
		wrong("representatives", fault.Doubt("registry.wrong.representatives", representativesMin))
	}
	if o.SurveyArea < 0 {
		wrong("survey_area", fault.Wrong("registry.wrong.area"))
	}
	for _, t := range [][2]string{{"name", o.Name}, {"acting_body", o.ActingBody}, {"note", o.Note}} {
		if strings.ContainsFunc(t[1], unreadable) {
			wrong(t[0], fault.Wrong("registry.wrong.characters"))
		}
	}
	if utf8.RuneCountInString(o.Note) > noteMax {
		wrong("note", fault.Wrong("registry.wrong.note", noteMax))
	}
	return findings
}

// unreadable are the replacement character and control codes but those between lines.
func unreadable(r rune) bool {
	return r == utf8.RuneError || r < ' ' && r != '\n' && r != '\r' && r != '\t'
}

// checkCode verifies the credit code against the level. An acting body may have none, or one of
// another department (a villagers' committee has 54).
func checkCode(o *Organisation) *fault.Finding {
	if strings.TrimSpace(o.Code) == "" {
		o.Code = ""
		if o.Acting {
			return nil
		}
		f := fault.Wrong("registry.wrong.code_missing")
		return &f
	}
	code, err := identifier.ParseCredit(o.Code)
	if err != nil {
		f := codeFinding(err).Saw(o.Code)
		return &f
	}
	o.Code = string(code)
	if !o.Acting && (!code.Collective() || code.Kind() != typeDigits[o.Level] &&
		code.Kind() != identifier.OtherCollective) {
		f := fault.Wrong("registry.wrong.code_level").Saw(o.Code)
		return &f
	}
	return nil
}

// codeFinding says which check a credit code failed.
func codeFinding(err error) fault.Finding {
	switch {
	case errors.Is(err, identifier.ErrLength):
		return fault.Wrong("registry.wrong.code_length")
	case errors.Is(err, identifier.ErrAlphabet):
		return fault.Wrong("registry.wrong.code_alphabet")
	case errors.Is(err, identifier.ErrInnerCheck):
		return fault.Wrong("registry.wrong.code_inner")
	}
	return fault.Wrong("registry.wrong.code_check")
}

// Create enters an organisation.
func (g *Registry) Create(ctx context.Context, actor access.Actor, o Organisation) (Organisation, error) {
	if err := g.host.Access.Require(actor, Change, o.Place); err != nil {
		return o, err
	}
	if findings := g.check(&o); fault.Stops(findings) {
		return o, fault.New(fault.Invalid, "registry.invalid").With(findings)
	}
	made := o
	err := g.host.Store.Write(ctx, func(tx *store.Tx) error {
		made = o
		return g.createIn(tx, actor, &made)
	})
	return made, err
}

// createIn enters a checked organisation in a transaction of the caller.
func (g *Registry) createIn(tx *store.Tx, actor access.Actor, o *Organisation) error {
	if other, found, err := At(tx, o.Place); err != nil || found {
		if err == nil {
			err = fault.New(fault.Conflict, "registry.place_taken", other.Name)
		}
		return err
	}
	var err error
	o.Home, o.Status, o.Ended = g.places.Home(o.Place), Active, period.Open
	if o.ID, err = tx.NextID(o.Home, "organisation"); err != nil {
		return err
	}
	if err := organisations.Insert(tx, o); err != nil {
		return err
	}
	if err := g.claimCode(tx, actor, o.Ref(), "", o.Code); err != nil {
		return err
	}
	_, err = tx.Record(store.Event{Home: o.Home, Kind: "organisation.entered", Subject: subject(o.ID),
		Place: o.Place,
		Actor: actor.Account, Body: eventBody{o.Name, o.Code, o.Level.String(), o.Acting}})
	return err
}

type eventBody struct {
	Name   string `json:"name"`
	Code   string `json:"code,omitempty"`
	Level  string `json:"level"`
	Acting bool   `json:"acting,omitempty"`
}

// claimCode moves an organisation from one credit code to another; a code stands once in the city.
func (g *Registry) claimCode(tx *store.Tx, actor access.Actor, ref Ref, before, code string) error {
	if before == code {
		return nil
	}
	if before != "" {
		row, found, err := codes.First(tx, "WHERE home = ? AND code = ?", store.City, before)
		if err != nil {
			return err
		}
		if found && row.OwnerHome == ref.Home && row.Organisation == ref.ID {
			row.OwnerHome, row.Organisation = 0, 0 // released: the code is nobody's, but was
			if err := codes.Update(tx, &row); err != nil {
				return err
			}
		}
	}
	if code != "" {
		if err := takeCode(tx, ref, code); err != nil {
			return err
		}
	}
	_, err := tx.Record(store.Event{Home: store.City, Kind: "organisation.coded",
		Subject: "credit/" + cmp.Or(code, before), Actor: actor.Account,
		Body: codedBody{before, code, ref.Home, ref.ID}})
	return err
}

type codedBody struct {
	Before       string `json:"before,omitempty"`
	Code         string `json:"code,omitempty"`
	Home         int64  `json:"organisation_home"`
	Organisation int64  `json:"organisation"`
}

func takeCode(tx *store.Tx, ref Ref, code string) error {
	row, found, err := codes.First(tx, "WHERE home = ? AND code = ?", store.City, code)
	if err != nil {
		return err
	}
	if !found {
		return codes.Insert(tx, &codeRow{Home: store.City, Code: code, OwnerHome: ref.Home,
			Organisation: ref.ID})
	}
	if row.Organisation != 0 {
		return fault.New(fault.Conflict, "registry.code_taken", code)
	}
	row.OwnerHome, row.Organisation = ref.Home, ref.ID
	return codes.Update(tx, &row)
}

// Amend changes what can change of an organisation: not its place, level or status.
func (g *Registry) Amend(ctx context.Context, actor access.Actor, o Organisation) (Organisation, error) {
	row := o
	err := g.host.Store.Write(ctx, func(tx *store.Tx) error {
		old, err := Get(tx, o.Ref())
		if err != nil {
			return err
		}
		if err := g.host.Access.Require(actor, Change, old.Place); err != nil {
			return err
		}
		if old.Status != Active {
			return fault.New(fault.Conflict, "registry.ended")
		}
		row = o
		row.Place, row.Level, row.Status, row.Ended = old.Place, old.Level, old.Status, old.Ended
		if findings := g.check(&row); fault.Stops(findings) {
			return fault.New(fault.Invalid, "registry.invalid").With(findings)
		}
		if err := organisations.Update(tx, &row); err != nil {
			return err
		}
		if err := g.claimCode(tx, actor, row.Ref(), old.Code, row.Code); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: row.Home, Kind: "organisation.amended",
			Subject: subject(row.ID),
			Place:   row.Place, Actor: actor.Account, Body: eventBody{row.Name, row.Code,
				row.Level.String(),
				row.Acting}})
		return err
	})
	return row, err
}
