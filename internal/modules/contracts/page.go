package contracts

import (
	"html/template"

	"github.com/terrace-project/terrace/internal/modules/contracts/record"
	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// contractView is a contract's page.
type contractView struct {
	Contract
	Self     string
	Owner    registry.Organisation
	Tone     string
	Words    map[string]string // what the codes mean
	Objects  []objectView
	Arrears  Arrears
	Bands    []bandView
	Dues     []dueView
	Coming   []schedule.Due
	Receipts []Receipt
	Ahead    money.Fen // paid beyond what is due
	Written  []WriteOff
	History  []changeView
	Files    []files.File
	MaySee   bool // the files
	Acts     []string
	Open     []string // acts that take money
	MayEdit  bool
	Cards    []template.HTML
	Deposit  money.Fen
	Held     money.Fen // of the deposit
	Deposits []Deposit
	Pays     bool // the collective
	Next     period.Date
	Share    string // in favour
}

type objectView struct {
	Object
	Address string
	Part    string
}

type bandView struct {
	Band   schedule.Band
	Amount money.Fen
}

type dueView struct {
	DueRow
	Rest    money.Fen
	Overdue bool
	Booked  bool
}

type changeView struct {
	ChangeRow
	Text string
}

// comingMax is how many instalments of the future the page shows.
const comingMax = 12

func (s *Contracts) show(r *web.Request) (web.Answer, error) {
	c, o, err := s.asked(r, Read)
	if err != nil {
		return nil, err
	}
	v := contractView{Contract: c, Owner: o, Self: Address(c.Ref()), Tone: c.State.Tone(), Next: c.NextDue,
		Words: s.wordsOf(r, c), Pays: s.pays(c.Kind), MaySee: r.Can(files.ReadPermit, c.Place),
		MayEdit: r.Can(Change, c.Place),
		Share:   decimal.Format(c.DecisionShare, 2) + "%"}
	err = s.host.Store.View(r.Context(), func(w *store.View) error { return v.read(w, r) })
	if err != nil {
		return nil, err
	}
	v.acts(r)
	v.Cards, err = r.Cards("contract", web.CardSubject{Home: c.Home, ID: c.ID, Place: c.Place,
		On: r.Today()})
	if err != nil {
		return nil, err
	}
	return web.View("contracts/contract", web.Page{Title: c.Name, Place: c.Place, Data: v,
		Trail: trail(r, c, o)[:2]}), nil
}

// wordsOf says what the codes of a contract mean.
func (s *Contracts) wordsOf(r *web.Request, c Contract) map[string]string {
	all := s.codes.Load()
	found := map[string]string{}
	for field, code := range map[string]string{"kind": c.Kind, "party_kind": c.PartyKind,
		"manner": c.Manner, "decision_body": c.DecisionBody, "price_class": c.PriceClass} {
		found[field] = all.Word(r.Language, listOf[field], code)
	}
	return found
}

// read fills in what stands beside the contract.
func (v *contractView) read(w *store.View, r *web.Request) error {
	list, err := ObjectsOf(w, v.Ref())
	if err != nil {
		return err
	}
	v.Objects = nil
	for _, o := range list {
		one := objectView{Object: o}
		if ref, ok := ParseRef(o.Object); ok {
			one.Address = "/assets/" + ref.String()
		}
		if o.Share != WholeShare {
			one.Part = decimal.Format(o.Share, 2) + "%"
		}
		v.Objects = append(v.Objects, one)
	}
	rows, err := DuesOf(w, v.Ref())
	if err != nil {
		return err
	}
	v.money(rows, r.Today())
	if v.Receipts, err = ReceiptsOf(w, v.Ref()); err != nil {
		return err
	}
	if v.Written, err = WrittenOff(w, v.Ref()); err != nil {
		return err
	}
	if v.Deposits, err = DepositsOf(w, v.Ref()); err != nil {
		return err
	}
	v.Held = record.Held(v.Deposits)
	changes, err := History(w, v.Ref())
	if err != nil {
		return err
	}
	v.History = nil
	for _, h := range changes {
		v.History = append(v.History, changeView{h, r.T("contracts.change." + h.Kind)})
	}
	if v.MaySee {
		v.Files, err = files.Of(w, v.Home, Subject(v.ID))
	}
	return err
}

// money fills in what has fallen due, what is owed and how long, and what is to come.
func (v *contractView) money(rows []DueRow, today period.Date) {
	v.Arrears, v.Ahead, v.Dues, v.Bands, v.Coming = record.ArrearsOf(rows, today), v.Received, nil, nil, nil
	var claims []schedule.Claim
	for _, row := range rows {
		v.Ahead -= row.Paid
		if row.Amount == 0 {
			continue
		}
		claims = append(claims, schedule.Claim{Day: row.Day, Amount: row.Amount - row.Written,
			Paid: row.Paid})
		v.Dues = append(v.Dues, dueView{row, row.Open(), row.Open() > 0 && row.Day < today,
			row.Booked == row.Amount})
	}
	for band, amount := range schedule.Age(claims, today) {
		if amount > 0 {
			v.Bands = append(v.Bands, bandView{schedule.Band(band), amount})
		}
	}
	phases := v.Phases()
	if len(phases) > 0 {
		v.Deposit = phases[0].Fee.Deposit
	}
	plan, err := schedule.Plan(phases)
	if err != nil || !v.State.Running() && v.State != Drafted {
		return
	}
	v.Coming = schedule.Ahead(plan, today, period.Open)
	v.Coming = v.Coming[:min(len(v.Coming), comingMax)]
}

// acts are what the reader may do with the contract as it stands.
func (v *contractView) acts(r *web.Request) {
	running := v.State.Running()
	for _, k := range actings {
		if !r.Can(k.permit, v.Place) {
			continue
		}
		fits := running
		switch k.name {
		case "sign":
			fits = v.State == Drafted
		case "receive":
			fits = v.State != Drafted
		case "write-off":
			fits = v.State != Drafted && v.Arrears.Open > 0 && !v.Pays
		case "deposit-receive":
			fits = running && !v.Pays && (v.Deposit == 0 || v.Held < v.Deposit)
		case "deposit-refund", "deposit-keep":
			fits = v.Held > 0
		case "terminate":
			fits = v.State == InForce
		case "return":
			fits = running && r.Today() >= v.Ends
		}
		if fits {
			v.Acts = append(v.Acts, k.name)
		}
	}
}
