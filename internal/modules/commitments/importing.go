package commitments

import (
	"context"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// imports declares the files of a kind: every row a new commitment of the organisation a file is sent for.
func (s *Commitments) imports(kind Kind) *intakepage.Files {
	key := formOf(kind)
	return s.chooser.FilesFor("/"+string(kind)+"s", "/commitments?kind="+string(kind),
		intakepage.Files{Name: importNames[kind], Texts: key,
			Job: key + ".import", Permit: MayChange, At: "/" + string(kind) + "-imports/{home}/{id}",
			From:   "/organisations/{home}/{id}/" + string(kind) + "-imports",
			Ours:   func(of string) bool { return of == key },
			KindOf: func(string, sheet.Upload) (string, error) { return key, nil },
			Template: func(_ store.Reader, l locale.Language, o intakepage.Subject,
				_ string) (intakepage.Workbook, error) {
				return s.files[kind].Sheet(s.codes.Load().forms[kind], l, o), nil
			}})
}

// importNames are the names of the operations of the API.
var importNames = map[Kind]string{Loan: "LoanImport", Lending: "LendingImport",
	Guarantee: "GuaranteeImport"}

// kindsOfFiles are how such files are taken in.
func (s *Commitments) kindsOfFiles(c *codes) []intake.Kind {
	var all []intake.Kind
	for _, kind := range record.Kinds {
		all = append(all, intake.Kind{Key: formOf(kind), Form: c.forms[kind], Permit: MayChange,
			Wanted: s.files[kind].Wanted, Context: s.files[kind].Context,
			Checks: func() func(*intake.Checking) error {
				seen := map[string]int{} // numbers of the whole file, and the line of each
				return func(k *intake.Checking) error { return s.checkRows(kind, k, seen) }
			},
			Apply: func(tx *store.Tx, in intake.Intake, r intake.Row) error {
				o, err := registry.OfIntake(tx, in)
				if err != nil {
					return err
				}
				_, err = s.enterFor(tx, access.Actor{Account: in.Actor}, o, entryOf(kind, r.Record))
				return err
			}})
	}
	return append(all, intake.Kind{Key: transferForm, Form: c.transfer, Permit: MayAnnounce,
		Wanted: s.announce.Wanted, Context: s.announce.Context, Apply: s.applyTransfer,
		Checks: func() func(*intake.Checking) error {
			seen := map[Transfer]int{} // what rows of the whole file announce, and the line of each
			return func(k *intake.Checking) error { return s.checkTransfers(k, seen) }
		}})
}

// checkRows holds rows against the checks of a commitment, those there are, and the numbers that rows above
// have.
func (s *Commitments) checkRows(kind Kind, c *intake.Checking, seen map[string]int) error {
	o, err := registry.OfIntake(c.Reader, c.Intake)
	if err != nil {
		return err
	}
	for _, r := range c.Rows {
		e := entryOf(kind, r.Record)
		tell(c, r, s.Check(&e))
		if e.Number == "" {
			continue
		}
		if first := seen[e.Number]; first != 0 {
			c.Tell(r, "number", fault.Wrong("commitments.number_twice", first).Saw(e.Number))
		}
		seen[e.Number] = r.Line
		other, taken, err := numbered(c.Reader, o.Ref(), e.Number)
		if err != nil {
			return err
		}
		if taken {
			c.Tell(r, "number", fault.Wrong("commitments.number_taken", other.Party).Saw(e.Number))
		}
	}
	return nil
}

// tell notes findings beside the fields of a row. What the form has said of a field is not said again.
func tell(c *intake.Checking, r intake.Row, found []fault.Finding) {
	for _, f := range found {
		if r.Record.Given(f.Column) || r.Record.Plain(f.Column) == "" {
			field := f.Column
			f.Column = ""
			c.Tell(r, field, f)
		}
	}
}

// countyKey begins the subject of files of transfers.
const countyKey = "county/"

// transferImports declares the files that county finance sends: every row a transfer to an organisation of
// the county.
func (s *Commitments) transferImports() *intakepage.Files {
	const address = "/transfers/import"
	f := &intakepage.Files{Host: s.host, Name: "TransferImport", Tag: "transfers",
		Texts: transferForm,
		Job:   transferForm + ".import", Permit: MayAnnounce, At: "/transfer-imports/{home}/{id}",
		From: "/counties/{home}/{id}/transfer-imports", Flag: "county",
		Ours:   func(of string) bool { return of == transferForm },
		KindOf: func(string, sheet.Upload) (string, error) { return transferForm, nil },
		About: func(_ store.Reader, in intake.Intake) (intakepage.Subject, error) {
			place, err := strconv.ParseInt(strings.TrimPrefix(in.Subject, countyKey), 10, 64)
			return s.county(place), err // the subject is ours
		},
		Chosen: s.chosenCounty,
		Frame: func(r *web.Request, _ intake.Intake, o intakepage.Subject) (intakepage.Frame, error) {
			return intakepage.Frame{About: o.Name, Apply: r.T("commitments.transfer.import.apply"),
					Trail: []web.Crumb{{Text: r.T("commitments.transfers.title"), Href: "/transfers"},
						{Text: r.T("commitments.transfer.import"), Href: address + "?county=" + o.Ref}},
					Links: []intakepage.Link{{Text: r.T("commitments.card.transfers"),
						Href: "/transfers"}}},
				nil
		},
		Named: func(ctx context.Context, text string) (intakepage.Subject, error) {
			return s.namedCounty(ctx, access.Machine, text)
		},
		Of: func(ctx context.Context, actor access.Actor, _, id int64) (intakepage.Subject, error) {
			return s.namedCounty(ctx, actor, "#"+whole(id))
		},
		Page: &intakepage.Page{Address: address, Template: "/transfers/template", Query: "county",
			Trail: func(r *web.Request, o intakepage.Subject) []web.Crumb {
				return []web.Crumb{{Text: r.T("commitments.transfers.title"), Href: "/transfers"}}
			},
			Pick: func(_ *web.Request, refused error) (web.Answer, error) { return nil, refused }}}
	f.Template = func(_ store.Reader, l locale.Language, o intakepage.Subject,
		_ string) (intakepage.Workbook, error) {
		return f.Sheet(s.codes.Load().transfer, l, o), nil
	}
	return f
}

// county is a county as whose file transfers are taken in.
func (s *Commitments) county(place int64) intakepage.Subject {
	return intakepage.Subject{Home: s.places.Home(place), Place: place, Key: countyKey + whole(place),
		Ref: whole(place), Name: s.places.Name(place)}
}

// chosenCounty is the county the address names, or that of the reader's only post that may announce.
func (s *Commitments) chosenCounty(r *web.Request) (intakepage.Subject, error) {
	if text := r.Field("county"); text != "" {
		return s.namedCounty(r.Context(), r.Actor, "#"+strings.TrimPrefix(text, "#"))
	}
	found := int64(0)
	for _, post := range r.Actor.Posts {
		if post.Place == 0 || !r.Can(MayAnnounce, post.Place) {
			continue
		}
		if found != 0 && found != post.Place {
			return intakepage.Subject{}, fault.New(fault.Invalid, "commitments.which_county")
		}
		found = post.Place
	}
	if found == 0 || s.places.Level(found) != division.County {
		return intakepage.Subject{}, fault.New(fault.Invalid, "commitments.which_county")
	}
	return s.county(found), nil
}

// namedCounty is the county a text names, if the actor may announce there.
func (s *Commitments) namedCounty(ctx context.Context, actor access.Actor,
	text string) (intakepage.Subject, error) {
	place, err := s.places.Find(ctx, text)
	if err != nil {
		return intakepage.Subject{}, err
	}
	if s.places.Level(place) != division.County {
		return intakepage.Subject{}, fault.New(fault.Invalid, "commitments.which_county")
	}
	return s.county(place), s.host.Access.Require(actor, MayAnnounce, place)
}

// meant is the organisation that a row of a county's file names. One of another county is not found.
func (s *Commitments) meant(r store.Reader, home int64, text string) (registry.Organisation, error) {
	o, found, err := s.chooser.In(r, home, text)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "commitments.unknown_code", text)
	}
	return o, err
}

// checkTransfers holds rows against the checks of a transfer, those there are, and what rows above announce.
func (s *Commitments) checkTransfers(c *intake.Checking, seen map[Transfer]int) error {
	for _, r := range c.Rows {
		t := transferOf(r.Record)
		tell(c, r, s.CheckTransfer(&t))
		text := r.Record.Text("organisation")
		if text == "" {
			continue
		}
		o, err := s.meant(c.Reader, c.Intake.Home, text)
		if known := fault.Of(err); err != nil && known.Code == fault.NotFound {
			c.Tell(r, "organisation", fault.Wrong("commitments.unknown_code", text).Saw(text))
			continue
		}
		if err != nil {
			return err
		}
		same := Transfer{Home: o.Home, Organisation: o.ID, Document: t.Document, Kind: t.Kind,
			Project: t.Project}
		if first := seen[same]; first != 0 {
			c.Tell(r, "document", fault.Wrong("commitments.announced_twice", first).Saw(t.Document))
		}
		seen[same] = r.Line
		other, twice, err := announced(c.Reader, same)
		if err != nil {
			return err
		}
		if twice {
			c.Tell(r, "document", fault.Wrong("commitments.announced", other.Amount.String(),
				string(other.Day)).Saw(t.Document))
		}
	}
	return nil
}

// applyTransfer announces the transfer of a row. The permit was asked when the intake was ordered.
func (s *Commitments) applyTransfer(tx *store.Tx, in intake.Intake, r intake.Row) error {
	o, err := s.meant(tx, in.Home, r.Record.Text("organisation"))
	if err != nil {
		return err
	}
	_, err = s.announceTo(tx, access.Actor{Account: in.Actor}, o, transferOf(r.Record))
	return err
}
