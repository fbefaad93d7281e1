package contracts

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// importView is where a file is sent from.
type importView struct {
	Organisation registry.Organisation
	Ref          string
	Earlier      []earlierView
}

type earlierView struct {
	Name, Address, State string
	At                   string
}

func (s *Contracts) importPage(r *web.Request) (web.Answer, error) {
	o, err := s.chosen(r)
	if err != nil {
		return s.pick(r, r.T("contracts.import"), "/contracts/import", err)
	}
	list, err := s.host.Intake.Of(r.Context(), r.Actor, o.Home, aboutOrganisation(o))
	if err != nil {
		return nil, err
	}
	v := importView{Organisation: o, Ref: o.Ref().String()}
	for _, in := range list {
		v.Earlier = append(v.Earlier, earlierView{in.Name, intakeAddress(in), string(in.State),
			in.Created.String()})
	}
	return web.View("contracts/import", web.Page{Title: r.T("contracts.import"), Place: o.Place, Data: v,
		Trail: []web.Crumb{{Text: r.T("contracts.menu"), Href: "/contracts"},
			{Text: o.Name, Href: registry.Address(o.Ref())}}}), nil
}

func intakeAddress(in intake.Intake) string {
	return fmt.Sprintf("/contract-imports/%d/%d", in.Home, in.ID)
}

// template answers with the workbook to fill in, or with a CSV of the same columns.
func (s *Contracts) template(r *web.Request) (web.Answer, error) {
	o, err := s.chosen(r)
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	name, kind := r.T("contracts.template.name", o.Name), "text/csv; charset=utf-8"
	if r.Field("format") == "csv" {
		_, err = s.book(r.Language, o).WriteCSV(&body)
		name += ".csv"
	} else {
		_, err = s.book(r.Language, o).WriteXLSX(&body)
		name, kind = name+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	if err != nil {
		return nil, err
	}
	return web.File(name, kind, &body), nil
}

// upload stages and checks a file; nothing of the books changes yet.
func (s *Contracts) upload(r *web.Request) (web.Answer, error) {
	file, header, err := r.Upload("file")
	if err != nil {
		return nil, err
	}
	if file == nil {
		return nil, fault.New(fault.Invalid, "contracts.no_file")
	}
	defer file.Close()
	o, err := s.chosen(r)
	if err != nil {
		return nil, err
	}
	in, known, err := s.host.Intake.Stage(r.Context(), intake.Request{Actor: r.Actor, Kind: intakeKind,
		Home:    o.Home,
		Subject: aboutOrganisation(o), Place: o.Place,
		Upload: sheet.Upload{Name: header.Filename, Content: file, Size: header.Size}})
	if err == nil && (!known || in.State == intake.Staged) {
		in, err = s.host.Intake.Check(r.Context(), r.Actor, in.Home, in.ID)
	}
	if err != nil {
		return nil, err
	}
	return web.Redirect(intakeAddress(in)), nil
}

// intakeOf is the intake of the address.
func (s *Contracts) intakeOf(r *web.Request) (intake.Intake, error) {
	home, err := r.ID("home")
	if err != nil {
		return intake.Intake{}, err
	}
	id, err := r.ID("id")
	if err != nil {
		return intake.Intake{}, err
	}
	in, err := s.host.Intake.Get(r.Context(), r.Actor, home, id)
	if err == nil && in.Kind != intakeKind {
		err = fault.New(fault.NotFound, "web.no_page")
	}
	return in, err
}

// intakeView is the page of a file being taken in.
type intakeView struct {
	intake.View
	Self, List string
}

func (s *Contracts) intakePage(r *web.Request) (web.Answer, error) {
	in, err := s.intakeOf(r)
	if err != nil {
		return nil, err
	}
	viewer := intake.Viewer{Dictionary: s.host.Dictionary, Language: r.Language, Address: intakeAddress(in)}
	filter := intake.Filter{Severity: fault.Severity(r.Field("severity")), After: r.Field("after")}
	if format := r.Field("format"); format != "" {
		return s.findingsFile(r, in, viewer, filter)
	}
	shown, err := s.host.Intake.View(r.Context(), r.Actor, in, viewer, filter)
	if err != nil {
		return nil, err
	}
	number := ""
	if _, id, found := bytes.Cut([]byte(in.Subject), []byte("/")); found {
		number = strconv.FormatInt(in.Home, 10) + "/" + string(id)
	}
	v := intakeView{shown, intakeAddress(in), "/contracts?organisation=" + number}
	page := web.Page{Title: r.T("contracts.import"), Place: in.Place, Data: v,
		Trail: []web.Crumb{{Text: r.T("contracts.menu"), Href: "/contracts"},
			{Text: r.T("contracts.import"), Href: "/contracts/import?organisation=" + number}}}
	if shown.Running || in.State == intake.Checked && r.Field(web.DoneField) != "" {
		page.Fresh = 2
	}
	return web.View("contracts/intake", page), nil
}

// findingsFile answers with what was found as a file.
func (s *Contracts) findingsFile(r *web.Request, in intake.Intake, v intake.Viewer,
	f intake.Filter) (web.Answer,
	error) {
	table := s.host.Intake.Table(r.Context(), r.Actor, in, v, f)
	var body bytes.Buffer
	switch r.Field("format") {
	case "csv":
		if _, err := sheet.WriteCSV(&body, table); err != nil {
			return nil, err
		}
		return web.File(in.Name+".csv", "text/csv; charset=utf-8", &body), nil
	case "xlsx":
		if _, err := sheet.WriteXLSX(&body, table); err != nil {
			return nil, err
		}
		return web.File(in.Name+".xlsx",
			"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
			&body), nil
	}
	return nil, fault.New(fault.Unsupported, "web.format", r.Field("format"))
}

// applyIntake orders that the rows take effect.
func (s *Contracts) applyIntake(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	in, err := s.intakeOf(r)
	if err != nil {
		return nil, err
	}
	switch explanation := r.Field("explanation"); {
	case in.State != intake.Checked && in.State != intake.Applying:
		return nil, fault.New(fault.Conflict, "intake.state")
	case in.Errors > 0 && in.State == intake.Checked:
		return nil, fault.New(fault.Invalid, "intake.errors", in.Errors)
	case in.Warnings > 0 && explanation == "" && in.State == intake.Checked:
		return nil, fault.New(fault.Invalid, "intake.unexplained", in.Warnings)
	}
	err = s.host.Store.Maintain(r.Context(), func(tx *store.Tx) error {
		_, err := s.host.Jobs.Enqueue(tx, jobs.Order{Home: in.Home, Kind: importJob, Place: in.Place,
			Subject: "intake/" + whole(in.ID), Actor: r.Actor.Account,
			Args: importArgs{in.Home, in.ID, r.Field("explanation")}})
		return err
	})
	if err != nil {
		return nil, err
	}
	return web.Redirect(intakeAddress(in) + "?" + web.DoneField + "=contracts.ordered"), nil
}

func (s *Contracts) cancelIntake(r *web.Request) (web.Answer, error) {
	in, err := s.intakeOf(r)
	if err != nil {
		return nil, err
	}
	if in, err = s.host.Intake.Cancel(r.Context(), r.Actor, in.Home, in.ID); err != nil {
		return nil, err
	}
	return web.Redirect(intakeAddress(in)), nil
}
