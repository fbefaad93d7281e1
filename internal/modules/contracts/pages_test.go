package contracts

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

const (
	accountant = "village_accountant@天台村"
	stranger   = "village_accountant@小溪村"
	leader     = "township_leader@白涛镇"
)

// TestThePages: list, contract and cards for those of the place, and for nobody else.
func TestThePages(t *testing.T) {
	each(t, func(x *site) {
		x.Open("天台村", "2024", "2025-01-01")
		c := x.enter("天台村", shop())
		x.See(accountant, "/contracts").Is(http.StatusOK, "商铺一号", "12,000.00", "Overdue")
		x.See(accountant, "/contracts?look=overdue").Is(http.StatusOK, "商铺一号")
		x.See(accountant, "/contracts?look=expiring").Is(http.StatusOK, "!商铺一号")
		x.See(accountant, "/contracts?look=no_decision").Is(http.StatusOK, "商铺一号")
		x.See(stranger, "/contracts").Is(http.StatusOK, "!商铺一号")
		x.See(stranger, Address(c.Ref())).Is(http.StatusNotFound)
		x.See(accountant, Address(c.Ref())).Is(http.StatusOK, "12,000.00", "张三", "2026-03-01",
			Address(c.Ref())+"/receive", "!"+Address(c.Ref())+"/write-off")
		x.See(leader, Address(c.Ref())).Is(http.StatusOK, Address(c.Ref())+"/write-off")
		x.See(accountant, fmt.Sprintf("/organisations/%d/%d", c.Home, c.Organisation)).Is(http.StatusOK,
			"In force", "12,000.00")
		x.See(accountant, fmt.Sprintf("/test/place/%d", c.Place)).Is(http.StatusOK)
		for _, k := range actings {
			who := accountant
			if k.permit == WritingOff {
				who = leader
			}
			x.See(who, Address(c.Ref())+"/"+k.name).Is(http.StatusOK, "<form")
		}
		x.Post(accountant, Address(c.Ref())+"/receive", "version", "1", "on", "2026-01-05", "amount",
			"5000").Is(http.StatusSeeOther)
		x.See(accountant, Address(c.Ref())).Is(http.StatusOK, "7,000.00", "5,000.00")
		x.Post(accountant, Address(c.Ref())+"/receive", "version", "1", "on", "2026-01-05", "amount",
			"5000").Is(http.StatusPreconditionFailed)
	})
}

// TestAContractIsEntered on the page and by the API; what is doubtful is asked once.
func TestAContractIsEntered(t *testing.T) {
	each(t, func(x *site) {
		fields := []string{"name", "鱼塘", "kind", "water", "party", "李四", "party_kind", "member", "begins",
			"2025-01-01", "ends", "2029-12-31", "signed", "2024-12-20", "amount", "3000", "every", "year",
			"step_years", "2", "step_percent", "5", "manner", "negotiation"}
		x.Post(accountant, "/contracts/new", fields...).Is(http.StatusUnprocessableEntity,
			"There is no signed writing.")
		x.Post(accountant, "/contracts/new", append(fields, "confirm", "1")...).Is(http.StatusSeeOther)
		x.See(accountant, "/contracts?q=鱼塘").Is(http.StatusOK, "李四")
		x.See(accountant, "/contracts/new").Is(http.StatusOK, "<form")
		o := x.own["天台村"]
		_, body := x.Call(accountant, http.MethodPost, fmt.Sprintf("/organisations/%d/%d/contracts", o.Home,
			o.ID), `{"name":"厂房","kind":"building_lease","party":"某公司","party_kind":"enterprise",
			"manner":"market","signed":"2025-06-01","paper":true,"objects":"500102/9:50%",
			"phases":[{"from":"2025-07-01","to":"2030-06-30","fee":{"amount":100000,"every":"month"}}]}`)
		if body["state"] != "in_force" || body["overdue"] != float64(700000) || body["objects"] !=
			"500102/9:50.00%" {
			t.Errorf("%v", body)
		}
		_, body = x.Call(accountant, http.MethodPost, fmt.Sprintf("/contracts/%d/%v/receipts", o.Home,
			body["id"]), `{"version":1,"on":"2026-01-05","amount":50000}`)
		if body["overdue"] != float64(650000) {
			t.Errorf("%v", body)
		}
		x.Call(stranger, http.MethodGet, "/contracts", "")
	})
}

// TestAWorkbookOfContracts: from the template through the intake into the list.
func TestAWorkbookOfContracts(t *testing.T) {
	each(t, func(x *site) {
		o := x.own["天台村"]
		x.See(accountant, "/contracts/import").Is(http.StatusOK, "XLSX")
		x.See(accountant, "/contracts/template?format=csv").Is(http.StatusOK, "contracts.contract")
		var empty bytes.Buffer
		if _, err := x.files.Sheet(x.codes.Load().form, locale.Chinese,
			o.Intakes()).WriteCSV(&empty); err != nil {
			t.Fatal(err)
		}
		columns := x.codes.Load().form.Fields
		values := map[string]string{"kind": "房屋场地租赁", "party": "王五", "party_kind": "企业",
			"begins": "2025-01-01", "ends": "2025-12-31", "signed": "2024-12-01", "amount": "100.00",
			"every": "每月", "manner": "协商", "paper": "是"}
		rows := []string{strings.TrimRight(empty.String(), "\r\n")}
		for n := range 25 {
			values["name"], values["number"] = fmt.Sprint("摊位", n), fmt.Sprint("T-", n)
			var cells []string
			for _, f := range columns {
				cells = append(cells, values[f.Key])
			}
			rows = append(rows, strings.Join(cells, ","))
		}
		text := strings.Join(rows, "\r\n") + "\r\n"
		in, _, err := x.host.Intake.Stage(x.ctx, intake.Request{Actor: orderOf(intake.Intake{}).Actor,
			Kind: intakeKind, Home: o.Home, Subject: o.Intakes().Key, Place: o.Place,
			Upload: sheet.Upload{Name: "合同.csv", Content: strings.NewReader(text), Size: int64(len(text))}})
		x.must(err)
		in, err = x.host.Intake.Check(x.ctx, orderOf(in).Actor, in.Home, in.ID)
		x.must(err)
		if in.Rows != 25 || in.Errors != 0 {
			for f := range x.host.Intake.All(x.ctx, orderOf(in).Actor, in, intake.Filter{}) {
				t.Log(f)
			}
			t.Fatalf("%+v", in)
		}
		in, err = x.host.Intake.Apply(x.ctx, orderOf(in))
		x.must(err)
		x.See(accountant, fmt.Sprintf("/contract-imports/%d/%d", in.Home, in.ID)).Is(http.StatusOK)
		first, err := store.Read(x.ctx, x.host.Store, func(v *store.View) (Contract, error) {
			c, _, err := numbered(v, o.Home, o.ID, "T-0")
			return c, err
		})
		x.must(err)
		rowsOf := x.dues(first.Ref())
		if in.Applied != 25 || len(rowsOf) != 12 || rowsOf[11].Amount != 100_00 {
			t.Errorf("%+v %+v", in, rowsOf)
		}
	})
}

// TestANumberStandsOnceInTheWholeFile: rows are held against all rows above, however far above.
func TestANumberStandsOnceInTheWholeFile(t *testing.T) {
	each(t, func(x *site) {
		file := strings.Builder{}
		file.WriteString("number,name,kind,party,party_kind,begins,ends,amount,every,manner\n")
		for i := range 2_030 {
			fmt.Fprintf(&file, "租%d,商铺,building_lease,张三,outsider,2025-03-01,2026-02-28,100,year,"+
				"negotiation\n", i%2_020)
		}
		in, _, err := x.files.Send(x.ctx, intakepage.Sending{Actor: access.Machine,
			About: x.own["天台村"].Intakes(), Upload: sheet.Upload{Name: "合同.csv",
				Content: strings.NewReader(file.String()), Size: int64(file.Len())}})
		x.must(err)
		var told []string
		for f, err := range x.host.Intake.All(x.ctx, access.Machine, in,
			intake.Filter{Severity: fault.Error}) {
			x.must(err)
			told = append(told, fmt.Sprint(f.Key, f.Column, f.Row, " as ", f.Args))
		}
		if len(told) != 10 || told[0] != "contracts.number_twiceA2022 as [2]" ||
			told[9] != "contracts.number_twiceA2031 as [11]" {
			t.Errorf("%d: %.300q", len(told), told)
		}
	})
}
