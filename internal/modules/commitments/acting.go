package commitments

import (
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// acting is an act on a commitment with a form of its own: its texts are commitments.TEXT, .lead, .button.
type acting struct {
	name   string // of the address
	text   string // of its texts; also what was done
	form   func(*forms) *form.Definition
	danger bool
	fits   func(c Commitment) bool // whether it can be done as the commitment stands
	do     func(s *Commitments, r *web.Request, q Act, read form.Record) (Commitment, error)
}

// actings are the acts on commitments.
var actings = []acting{
	{name: "repay", text: "repay", form: func(f *forms) *form.Definition { return f.repay },
		fits: func(c Commitment) bool { return c.Kind != Guarantee && c.State == Standing },
		do:   repaying},
	{name: "take-back", text: "take_back", danger: true,
		form: func(f *forms) *form.Definition { return f.takeBack },
		fits: func(c Commitment) bool { return c.Settled > 0 },
		do: func(s *Commitments, r *web.Request, q Act, read form.Record) (Commitment, error) {
			return s.TakeBack(r.Context(), r.Actor, q, read.Int("repayment"))
		}},
	{name: "release", text: "release", form: func(f *forms) *form.Definition { return f.release },
		fits: func(c Commitment) bool { return c.Kind == Guarantee && c.State == Standing },
		do: func(s *Commitments, r *web.Request, q Act, _ form.Record) (Commitment, error) {
			return s.Release(r.Context(), r.Actor, q)
		}},
	{name: "withdraw", text: "withdraw", danger: true,
		form: func(f *forms) *form.Definition { return f.withdraw },
		fits: func(c Commitment) bool { return c.State == Standing && c.Settled == 0 },
		do: func(s *Commitments, r *web.Request, q Act, _ form.Record) (Commitment, error) {
			return s.Withdraw(r.Context(), r.Actor, q)
		}},
}

// repaying takes a repayment from its form.
func repaying(s *Commitments, r *web.Request, q Act, read form.Record) (Commitment, error) {
	voucher, err := voucherNamed(read.Text("voucher"))
	if err != nil {
		return Commitment{}, err
	}
	return s.Repay(r.Context(), r.Actor, Repaid{Act: q, Amount: read.Money("amount"), Voucher: voucher})
}

// actPage is the page of an act: title, lead and button by its texts.
func actPage(r *web.Request, text, address, name string, version int64) formpage.Page {
	key := "commitments." + text
	return formpage.Page{Title: r.T(key), Lead: r.T(key + ".lead"), Button: r.T(key + ".button"),
		Action: address + "/" + name, Back: address,
		Hidden: []formpage.Hidden{{Name: "version", Value: whole(version)}}}
}

func (s *Commitments) actOn(r *web.Request, c Commitment, o registry.Organisation, k acting,
	version int64) formpage.Page {
	p := actPage(r, k.text, Address(refOf(c)), k.name, version)
	p.Place, p.Danger, p.Trail = c.Place, k.danger, trail(r, c, o)
	return p
}

func (s *Commitments) ask(r *web.Request, k acting) (web.Answer, error) {
	c, o, err := s.asked(r, MayChange)
	if err != nil {
		return nil, err
	}
	values := map[string]string{"on": string(r.Today()), "amount": c.Outstanding().Plain()}
	for _, key := range []string{"voucher", "repayment", "amount", "on"} {
		if text := r.Field(key); text != "" {
			values[key] = text
		}
	}
	return s.actOn(r, c, o, k, c.Version).Of(filled(k.form(&s.forms), values), nil).Answer(r,
		s.host.Dictionary)
}

// actRead reads what every act says, and the rest of its form.
func actRead(r *web.Request, d *form.Definition, ref Ref) (q Act, read form.Record, found []fault.Finding,
	err error) {
	version, err := r.Number("version")
	read, found = formpage.Read(r, d, "")
	return Act{Ref: ref, Version: version, On: read.Date("on"), Document: read.Text("document"),
		Reason: read.Text("reason")}, read, found, err
}

func (s *Commitments) takeAct(r *web.Request, k acting) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	c, o, err := s.asked(r, MayChange)
	if err != nil {
		return nil, err
	}
	q, read, found, err := actRead(r, k.form(&s.forms), refOf(c))
	if err != nil {
		return nil, err
	}
	page := s.actOn(r, c, o, k, q.Version).Of(read, found)
	if fault.Stops(found) {
		return page.Answer(r, s.host.Dictionary)
	}
	if _, err := k.do(s, r, q, read); err != nil {
		return page.After(err).Answer(r, s.host.Dictionary)
	}
	return done(Address(refOf(c)), k.text), nil
}

// attach puts a posted file on a commitment.
func (s *Commitments) attach(r *web.Request) (web.Answer, error) {
	file, header, err := r.Upload("file")
	if err != nil {
		return nil, err
	}
	if file == nil {
		return nil, fault.New(fault.Invalid, "web.no_file")
	}
	defer file.Close()
	c, _, err := s.asked(r, MayChange)
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
	q := Act{Ref: refOf(c), Version: version, On: r.Today()}
	if _, err := s.Attach(r.Context(), r.Actor, q, blob); err != nil {
		return nil, err
	}
	return done(Address(refOf(c)), "attached"), nil
}

// transferActing is an act on a transfer.
type transferActing struct {
	name   string // of the address and of its texts; also what was done
	permit access.Permit
	form   func(*forms) *form.Definition
	danger bool
	course Course // in which it can be done
	do     func(s *Commitments, r *web.Request, q Act, read form.Record) (Transfer, error)
}

// transferActings are the acts on transfers.
var transferActings = []transferActing{
	{name: "match", permit: MayChange, course: Announced,
		form: func(f *forms) *form.Definition { return f.match },
		do: func(s *Commitments, r *web.Request, q Act, read form.Record) (Transfer, error) {
			voucher, err := voucherNamed(read.Text("voucher"))
			if err != nil {
				return Transfer{}, err
			}
			return s.Match(r.Context(), r.Actor, q, voucher)
		}},
	{name: "unmatch", permit: MayChange, course: Matched, danger: true,
		form: func(f *forms) *form.Definition { return f.unmatch },
		do: func(s *Commitments, r *web.Request, q Act, _ form.Record) (Transfer, error) {
			return s.Unmatch(r.Context(), r.Actor, q)
		}},
	{name: "cancel", permit: MayAnnounce, course: Announced, danger: true,
		form: func(f *forms) *form.Definition { return f.cancel },
		do: func(s *Commitments, r *web.Request, q Act, _ form.Record) (Transfer, error) {
			return s.Cancel(r.Context(), r.Actor, q)
		}},
}
