package contracts

import (
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// acting is one of the acts with a form of its own: its texts are contracts.TEXT, .lead and .button.
type acting struct {
	name   string // of the address
	text   string // of its texts; also what was done
	permit access.Permit
	form   func(*forms) *form.Definition
	danger bool
	do     func(s *Contracts, r *web.Request, q Act, record form.Record) (Contract, error)
}

// actings are the acts.
var actings = []acting{
	{name: "sign", text: "sign", permit: Change, form: func(f *forms) *form.Definition { return f.sign },
		do: func(s *Contracts, r *web.Request, q Act, _ form.Record) (Contract, error) {
			return s.Sign(r.Context(), r.Actor, q)
		}},
	{name: "reprice", text: "reprice", permit: Change,
		form: func(f *forms) *form.Definition { return f.reprice },
		do: func(s *Contracts, r *web.Request, q Act, record form.Record) (Contract, error) {
			return s.Reprice(r.Context(), r.Actor, q, record.Date("from"), feeOf(record))
		}},
	{name: "extend", text: "extend", permit: Change,
		form: func(f *forms) *form.Definition { return f.extend },
		do: func(s *Contracts, r *web.Request, q Act, record form.Record) (Contract, error) {
			return s.Extend(r.Context(), r.Actor, q, record.Date("to"), feeOf(record))
		}},
	{name: "terminate", text: "terminate", permit: Change, danger: true,
		form: func(f *forms) *form.Definition { return f.terminate },
		do: func(s *Contracts, r *web.Request, q Act, _ form.Record) (Contract, error) {
			return s.Terminate(r.Context(), r.Actor, q)
		}},
	{name: "return", text: "return", permit: Change,
		form: func(f *forms) *form.Definition { return f.giveBack },
		do: func(s *Contracts, r *web.Request, q Act, _ form.Record) (Contract, error) {
			return s.Return(r.Context(), r.Actor, q)
		}},
	{name: "receive", text: "receive", permit: Receiving,
		form: func(f *forms) *form.Definition { return f.receive }, do: receiving},
	{name: "write-off", text: "write_off", permit: WritingOff, danger: true,
		form: func(f *forms) *form.Definition { return f.writeOff },
		do: func(s *Contracts, r *web.Request, q Act, record form.Record) (Contract, error) {
			return s.WriteOff(r.Context(), r.Actor, GivingUp{Act: q, Due: record.Int("due"),
				Amount: record.Money("amount"), Decision: record.Text("decision"),
				Approval: record.Text("approval")})
		}},
	depositActings[0], depositActings[1], depositActings[2],
}

// receiving takes a payment from its form.
func receiving(s *Contracts, r *web.Request, q Act, record form.Record) (Contract, error) {
	p := Payment{Act: q, Amount: record.Money("amount")}
	if record.Flag("cash") {
		p.Into = intoRoles[1]
	}
	if text := record.Text("voucher"); text != "" {
		ref, ok := ledger.ParseVoucherRef(text)
		if !ok {
			f := fault.Wrong("contracts.voucher").At("", 0, "voucher").Saw(text)
			return Contract{}, fault.New(fault.Invalid, "contracts.invalid").With([]fault.Finding{f})
		}
		p.Voucher = ref
	}
	return s.Receive(r.Context(), r.Actor, p)
}

// textOf is the name of an act in the dictionary: a payment is received, or paid where the collective pays.
func (s *Contracts) textOf(c Contract, k acting) string {
	if k.name == "receive" && s.pays(c.Kind) {
		return "pay"
	}
	return k.text
}

func (s *Contracts) actPage(r *web.Request, c Contract, o registry.Organisation, k acting,
	version int64) formpage.Page {
	text := s.textOf(c, k)
	return formpage.Page{Title: r.T("contracts." + text), Lead: r.T("contracts." + text + ".lead"),
		Button: r.T("contracts." + text + ".button"), Action: Address(c.Ref()) + "/" + k.name,
		Back: Address(c.Ref()), Place: c.Place, Danger: k.danger, Trail: trail(r, c, o),
		Hidden: []formpage.Hidden{{Name: "version", Value: whole(version)}}}
}

func (s *Contracts) ask(r *web.Request, k acting) (web.Answer, error) {
	c, o, err := s.asked(r, k.permit)
	if err != nil {
		return nil, err
	}
	values := map[string]string{"on": string(r.Today()), "from": string(r.Today())}
	if phases := c.Phases(); (k.name == "extend" || k.name == "reprice") && len(phases) > 0 {
		fee := phases[len(phases)-1].Fee
		values["amount"], values["every"] = fee.Amount.Plain(), string(fee.Every)
	}
	for _, key := range []string{"due", "amount"} {
		if text := r.Field(key); text != "" {
			values[key] = text
		}
	}
	return s.actPage(r, c, o, k, c.Version).Of(filled(k.form(&s.forms), values), nil).Answer(r,
		s.host.Dictionary)
}

func (s *Contracts) take(r *web.Request, k acting) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	c, o, err := s.asked(r, k.permit)
	if err != nil {
		return nil, err
	}
	version, err := r.Number("version")
	if err != nil {
		return nil, err
	}
	record, found := formpage.Read(r, k.form(&s.forms), "")
	page := s.actPage(r, c, o, k, version).Of(record, found)
	if fault.Stops(found) {
		return page.Answer(r, s.host.Dictionary)
	}
	q := Act{Ref: c.Ref(), Version: version, On: record.Date("on"), Document: record.Text("document"),
		Reason: record.Text("reason")}
	if _, err := k.do(s, r, q, record); err != nil {
		return page.After(err).Answer(r, s.host.Dictionary)
	}
	return done(c.Ref(), s.textOf(c, k)), nil
}

// attach puts a posted file on a contract.
func (s *Contracts) attach(r *web.Request) (web.Answer, error) {
	file, header, err := r.RequireUpload("file")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	c, _, err := s.asked(r, Change)
	if err != nil {
		return nil, err
	}
	version, err := r.Number("version")
	if err != nil {
		return nil, err
	}
	blob, err := s.host.Files.Put(r.Context(), header.Filename, file)
	if err != nil {
		return nil, err
	}
	q := Act{Ref: c.Ref(), Version: version, On: r.Today()}
	if _, err := s.Attach(r.Context(), r.Actor, q, blob); err != nil {
		return nil, err
	}
	return done(c.Ref(), "attached"), nil
}
