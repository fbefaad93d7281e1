package browsing_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/contracts"
	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// TestMeansInTheBrowser walks through contracts, bank accounts and accruals in a real browser, in both
// languages, at a desk and on a phone, as a village accountant, a township reviewer and a county officer.
// Pictures of every page are kept.
func TestMeansInTheBrowser(t *testing.T) {
	eachScreen(t, func(t *testing.T, city *apptest.City, _ string, screen func() *apptest.Screen) {
		w := meansWalk{booksWalk: booksWalk{City: city, t: t, s: screen()}}
		w.empty()
		w.books = w.prepare(7)
		w.owner = w.Owner(7)
		w.contracts()
		w.banking()
		w.others()
	})
}

// meansWalk is somebody's way through what a village has and owes.
type meansWalk struct {
	booksWalk
	owner registry.Organisation
}

// empty looks at pages with nothing in them.
func (w *meansWalk) empty() {
	w.at("accountant", 7)
	for name, path := range map[string]string{"01-contracts-empty": "/contracts",
		"02-ageing-empty": "/contracts/ageing", "03-accounts-empty": "/bank-accounts"} {
		w.s.Open(path)
		w.shot(name)
	}
}

// let enters a contract as the program.
func (w *meansWalk) let(e contracts.Entry) contracts.Contract {
	w.t.Helper()
	c, err := w.Contracts.Enter(w.t.Context(), access.Machine, w.owner.Ref(), e)
	w.Must(err)
	return c
}

func lease(name, party string, yuan money.Fen) contracts.Entry {
	return contracts.Entry{Contract: contracts.Contract{Name: name, Kind: "building_lease", Party: party,
		PartyKind: "outsider", Signed: "2022-02-20", Manner: "negotiation", Paper: true,
		Decision: "村民代表会议决议〔2022〕3号", Decided: "2022-02-10", DecisionValid: true, DecisionShare: 8_650},
		Schedule: []schedule.Phase{{From: "2022-03-01", To: "2028-02-29",
			Fee: schedule.Fee{Amount: yuan * 100, Every: schedule.Year, Deposit: 2_000_00}}}}
}

func (w *meansWalk) contracts() {
	s := w.s
	w.let(lease("村委会门面三间", "王某某", 12_000))
	w.let(lease("村仓库", "重庆某某农业发展有限责任公司", 36_500))
	build := lease("蓄水池维修工程", "重庆某建筑工程有限公司", 48_000)
	build.Kind = "construction"
	w.let(build)
	w.at("accountant", 7)
	s.Open("/contracts")
	w.shot("10-list")
	s.Press(`a[href^="/contracts/new"]`)
	w.shot("11-form")
	s.Fill("name", "鱼塘十二亩")
	s.Fill("party", "李某某")
	s.Choose("kind", "water")
	s.Choose("party_kind", "member")
	s.Choose("manner", "negotiation")
	s.Fill("begins", "2025-01-01")
	s.Fill("ends", "2024-01-01")
	s.Fill("amount", "3600")
	s.Fill("deposit", "500")
	s.Fill("signed", "2024-12-20")
	s.Run(chromedp.Click(chromedp.CSS(`main form .actions button.main`)),
		chromedp.WaitVisible(chromedp.CSS(".errors")))
	w.shot("12-mend")
	s.Fill("ends", "2029-12-31")
	s.Press(`main form .actions button.main`)
	w.shot("14-contract")
	s.Press(`a[href$="/receive"]`)
	w.shot("15-payment")
	s.Fill("amount", "1600")
	s.Fill("document", "收据0031")
	s.Press(`main form .actions button.main`)
	s.Press(`a[href$="/deposit-receive"]`)
	w.shot("16-deposit")
	s.Fill("amount", "500")
	s.Press(`main form .actions button.main`)
	w.shot("17-contract-paid")
	s.Open("/contracts/ageing")
	w.shot("18-ageing")
	s.Press(`table.list a[href^="/contracts/"]`)
	w.shot("19-overdue")
	s.Open("/contracts?q=%E8%93%84%E6%B0%B4%E6%B1%A0")
	s.Press(`table.list a[href^="/contracts/"]`)
	w.shot("20-owing")
	s.Open("/contracts/import")
	w.shot("21-import")
}

// statementOf is a file as a bank nobody has seen exports it.
var statementOf = []string{"云溪村镇银行  单位活期明细", "账户名称：%s", "打印日期：2025-11-03", "",
	"序号,记账日,记账时间,出账金额,进账金额,结余,往来单位,事由",
	"1,20250105,09:10,,4200.00,590404.17,王某某,门面租金", "2,20250119,10:02,612.45,,589791.72,文具店,办公费",
	"3,20250121,16:40,,3.18,589794.90,,结息", "4,20250125,11:20,1500.00,,588294.90,保洁人员,劳务费",
	"5,20250205,09:30,,4200.00,592494.90,王某某,门面租金", "合计,,,2112.45,8403.18,,,"}

func (w *meansWalk) file(name string, rows ...string) string {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), name)
	text := strings.ReplaceAll(strings.Join(rows, "\r\n"), "%s", w.owner.Name)
	w.Must(os.WriteFile(path, []byte(text), 0o600))
	return path
}

func (w *meansWalk) upload(path string) {
	w.t.Helper()
	w.s.Run(chromedp.SetUploadFiles(chromedp.CSS(`form[action$="/statements"] input[type="file"]`),
		[]string{path}))
}

func (w *meansWalk) banking() {
	s := w.s
	w.at("accountant", 7)
	s.Open("/bank-accounts/new?organisation=" + w.owner.Ref().String())
	w.shot("30-account-form")
	s.Fill("bank", "云溪村镇银行")
	s.Fill("number", "6222 0000 0000 1234")
	s.Fill("since", "2025-01-01")
	s.Fill("opening", "586204.17")
	s.Press(`main form .actions button.main`)
	w.shot("31-account")
	w.upload(w.file("错误.csv", "日子,减,增", "2025-01-05,,100"))
	s.Run(chromedp.Click(chromedp.CSS(`form[action$="/statements"] button.main`)),
		chromedp.WaitVisible(chromedp.CSS(`[name="column-date"]`)))
	w.shot("32-unread")
	s.Press(`.form a.button`)
	w.upload(w.file("坏.csv", "交易日期,支出,收入,余额", "2025-13-05,,100,100", "2025-01-06,1x,,99"))
	s.Press(`form[action$="/statements"] button.main`)
	w.shot("33-errors")
	s.Press(`form[action$="/cancel"] button`)
	w.upload(w.file("一月明细.csv", statementOf...))
	s.Press(`form[action$="/statements"] button.main`)
	w.shot("34-staged")
	s.Press(`form[action$="/take"] button.main`)
	w.shot("35-taken")
	s.Press(`a[href$="/matching"]`)
	w.shot("36-matching")
	// By the keyboard alone: the first proposal is taken off and on again, and Enter confirms.
	s.Run(chromedp.Focus(chromedp.CSS(`[name="proposal"]`)), chromedp.KeyEvent("  "))
	s.Press(`form[action$="/matching"] button.main`)
	w.shot("37-matched")
	s.Press(`button[formaction$="/draft"]`)
	w.shot("38-draft")
	at := "/bank-accounts/" + w.account()
	s.Open(at + "/reconciliation?on=2025-02-28")
	w.shot("39-reconciliation")
	if s.Has(`[name="explanation"]`) {
		s.FillAt(`[name="explanation"]`, "二月办公费和劳务费银行尚未导出")
	}
	s.Press(`main form .actions button.main`)
	w.upload2(at, w.file("四月明细.csv", append(append([]string{}, statementOf[:5]...),
		"1,20250405,09:30,,4200.00,600000.00,王某某,门面租金")...))
	w.shot("40-gaps")
	s.Open(at + "/lines")
	w.shot("41-lines")
	s.Open(at + "/lines?side=out&q=%E5%8A%9E%E5%85%AC")
	w.shot("42-lines-found")
	s.Open("/bank-accounts")
	w.shot("43-list")
}

func (w *meansWalk) upload2(at, path string) {
	w.t.Helper()
	w.s.Open(at)
	w.upload(path)
	w.s.Press(`form[action$="/statements"] button.main`)
	w.s.Press(`form[action$="/take"] button.main`)
}

// account is the number of the only account.
func (w *meansWalk) account() string {
	w.t.Helper()
	n, err := store.Read(w.t.Context(), w.Host.Store, func(v *store.View) (int64, error) {
		return store.Count(v, "SELECT max(id) FROM bank_account")
	})
	w.Must(err)
	return registry.Ref{Home: w.owner.Home, ID: n}.String()
}

// others look at the same: a township reviewer and a county officer, who may not change it.
func (w *meansWalk) others() {
	s := w.s
	for _, who := range []struct {
		office string
		index  int
	}{{"reviewer", 3}, {"county-officer", 1}} {
		w.at(who.office, who.index)
		for name, path := range map[string]string{"list": "/contracts", "ageing": "/contracts/ageing",
			"accounts": "/bank-accounts", "account": "/bank-accounts/" + w.account(),
			"lines":    "/bank-accounts/" + w.account() + "/lines",
			"matching": "/bank-accounts/" + w.account() + "/matching",
			"accruals": "/organisations/" + w.owner.Ref().String() + "/accruals?year=2025"} {
			s.Open(path)
			w.shot("50-" + who.office + "-" + name)
		}
		s.Open("/contracts")
		s.Press(`table.list a[href^="/contracts/"]`)
		w.shot("51-" + who.office + "-contract")
	}
	w.at("accountant", 7)
	s.Open("/organisations/" + w.owner.Ref().String() + "/accruals?year=2025")
	w.shot("52-accruals")
	if s.Has(`form[action$="/depreciate"] button`) {
		s.Press(`form[action$="/depreciate"] button`)
		w.shot("53-depreciated")
	}
}
