package commitments_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/commitments"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// TestTheListsOfTheRegister: filters, orders, files, and nothing of other places.
func TestTheListsOfTheRegister(t *testing.T) {
	each(t, func(x *site) {
		small := loan()
		small.Party, small.Amount, small.DecisionValid, small.Due = "小额贷款公司", 10_000_00, false, "2025-10-01"
		x.enter(loan())
		x.enter(small)
		x.enter(guarantee())
		x.enter(lending("王五", "officer"))
		x.announce(transfer())
		accountant, stranger := x.SignIn(apptest.Login("accountant", village)),
			x.SignIn(apptest.Login("accountant", otherVillage))
		x.see(accountant, "/commitments", 200, "青石农村商业银行", "300,000.00", "江边建材有限公司", "没有有效表决")
		for query, want := range map[string][]string{
			"kind=loan":                              {"小额贷款公司", "!江边建材有限公司"},
			"look=unvoted":                           {"小额贷款公司", "!>青石农村商业银行<"},
			"look=improper":                          {"!小额贷款公司", "!>青石农村商业银行<"},
			"look=related":                           {"王五", "!小额贷款公司"},
			"look=overdue":                           {"小额贷款公司", "!>青石农村商业银行<"},
			"state=settled":                          {"!小额贷款公司"},
			"q=小额":                                   {"小额贷款公司", "!江边建材有限公司"},
			"place=西江县":                              {"!小额贷款公司"},
			"organisation=" + x.other.Ref().String(): {"!小额贷款公司"},
		} {
			who := x.SignIn(apptest.Login("city-officer", 0))
			x.see(who, "/commitments?"+query, 200, want...)
		}
		largest := x.see(accountant, "/commitments?sort=amount", 200)
		if strings.Index(largest, "江边建材有限公司") > strings.Index(largest, "小额贷款公司") {
			t.Error("the largest does not come first")
		}
		due := x.see(accountant, "/commitments?sort=due", 200)
		if strings.Index(due, "小额贷款公司") > strings.Index(due, "江边建材有限公司") {
			t.Error("the first due does not come first")
		}
		x.see(accountant, "/commitments?format=csv&columns=party,rate", 200, "4.35%")
		x.see(accountant, "/commitments?format=xlsx", 200, "PK")
		x.see(stranger, "/commitments", 200, "!青石农村商业银行")
		x.see(accountant, "/loans/import?organisation="+x.own.Ref().String(), 200,
			"/commitments?kind=loan&amp;organisation=")
		x.see(accountant, "/transfers", 200, "财农〔2025〕12号", "逾期未入账")
		x.see(accountant, "/transfers?course=late&sort=amount", 200, "财农〔2025〕12号")
		x.see(accountant, "/transfers?course=booked", 200, "!财农〔2025〕12号")
		x.see(stranger, "/transfers", 200, "!财农〔2025〕12号")
		x.see(accountant, fmt.Sprintf("/organisations/%d/%d", x.own.Home, x.own.ID), 200, "310,000.00",
			"1 笔没有有效表决", "500,000.00", "50,000.00")
		x.see(accountant, fmt.Sprintf("/places/%d", x.own.Place), 200, "310,000.00")
	})
}

// TestALongListGoesOnWhereItStopped, in each order, across two counties, and counts once.
func TestALongListGoesOnWhereItStopped(t *testing.T) {
	each(t, func(x *site) {
		var all []commitments.Entry
		byHome := map[int64][]commitments.Entry{}
		owners := []registry.Organisation{x.own, x.Owner(farVillage)}
		if owners[0].Home == owners[1].Home {
			t.Fatal("the villages are of one county")
		}
		for i := range 120 {
			e, o := loan(), owners[i*7%5%2]
			e.Organisation, e.Place, e.Number = o.ID, o.Place, fmt.Sprint("JK-", i)
			e.Party = fmt.Sprintf("出借方第%03d号", i)
			e.Amount += money.Fen(i % 7) // many of one amount
			all = append(all, e)
			byHome[o.Home] = append(byHome[o.Home], e)
		}
		for home, some := range byHome {
			_, err := x.Commitments.Load(access.With(t.Context(), access.Machine), commitments.Loaded{
				Home: home, Commitments: some})
			x.Must(err)
		}
		officer := x.SignIn(apptest.Login("city-officer", 0))
		for _, sort := range []string{"newest", "amount", "due"} {
			seen := map[string]bool{}
			path := "/commitments?sort=" + sort
			for pages := 1; path != ""; pages++ {
				body := x.see(officer, path, 200, "120")
				for i := range all {
					if strings.Contains(body, all[i].Party) {
						seen[all[i].Party] = true
					}
				}
				path = ""
				if at := strings.Index(body, `" rel="next"`); at > 0 {
					start := strings.LastIndex(body[:at], `"`) + 1
					path = strings.ReplaceAll(body[start:at], "&amp;", "&")
				}
				if pages > 4 {
					t.Fatalf("by %s the list does not end", sort)
				}
			}
			if len(seen) != len(all) {
				t.Errorf("by %s %d of %d are seen", sort, len(seen), len(all))
			}
		}
		x.see(officer, "/commitments?after=bm9uc2Vuc2U", 422)
	})
}

// TestTheFormsOfTheRegister: what is doubtful is asked once, and acts do what they say.
func TestTheFormsOfTheRegister(t *testing.T) {
	each(t, func(x *site) {
		accountant := x.SignIn(apptest.Login("accountant", village))
		head := x.SignIn(apptest.Login("head", village))
		for _, kind := range []string{"loan", "lending", "guarantee"} {
			x.see(accountant, "/commitments/new?kind="+kind, 200, "<form", x.own.Name)
		}
		x.see(accountant, "/commitments/new?kind=gift", 404)
		x.see(head, "/commitments/new", 403)
		x.see(x.SignIn(apptest.Login("county-officer", county)), "/commitments/new", 403)
		given := form("kind", "loan", "party", "农商行", "party_kind", "bank", "purpose", "production",
			"amount",
			"1000", "day", "2025-11-01", "rate", "4.35")
		x.send(accountant, "/commitments/new", 422, given, "没有有效的表决")
		given.Set("confirm", "1")
		x.send(accountant, "/commitments/new", 303, given)
		given.Set("amount", "0")
		x.send(accountant, "/commitments/new", 422, given, "0.01")
		body := x.see(accountant, "/commitments?q=农商行", 200, "1,000.00")
		at := strings.Index(body, "/commitments/"+fmt.Sprint(x.own.Home)+"/")
		one := body[at : at+strings.Index(body[at:], `"`)]
		x.see(accountant, one, 200, "4.35%", "没有有效表决", one+"/repay", one+"/withdraw", "!"+one+"/release",
			"登记")
		x.see(head, one, 200, "!"+one+"/repay")
		for _, act := range []string{"repay", "take-back", "withdraw", "edit"} {
			x.see(accountant, one+"/"+act, 200, "<form")
		}
		x.send(accountant, one+"/repay", 422, form("version", "1", "on", "2025-11-20", "amount", "1000.01"),
			"1,000.00")
		x.send(accountant, one+"/repay", 422, form("version", "1", "on", "2025-11-20", "amount", "1",
			"voucher", "甲"), "不是凭证编号")
		x.send(accountant, one+"/repay", 303, form("version", "1", "on", "2025-11-20", "amount", "400",
			"document", "回单7"))
		x.see(accountant, one, 200, "400.00", "600.00", "回单7")
		x.send(accountant, one+"/edit", 422, form("version", "2", "party", "农商行", "party_kind", "bank",
			"purpose", "production", "amount", "300", "day", "2025-11-01", "document", "合同"), "300.00")
		x.send(accountant, one+"/edit", 303, form("version", "2", "party", "农村商业银行", "party_kind", "bank",
			"purpose", "production", "amount", "900", "day", "2025-11-01", "document", "合同"))
		x.see(accountant, one, 200, "农村商业银行", "500.00")
		x.attach(accountant, one+"/files", "3")
		x.see(accountant, one, 200, "决议.pdf")
		x.see(x.SignIn(apptest.Login("accountant", otherVillage)), one, 404)
	})
}

// attach sends a PDF with a version.
func (x *site) attach(s *apptest.Session, path, version string) {
	x.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	x.Must(w.WriteField("version", version))
	part, err := w.CreateFormFile("file", "决议.pdf")
	x.Must(err)
	_, err = part.Write([]byte("%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"))
	x.Must(err)
	x.Must(w.Close())
	x.sendBody(s, path, w.FormDataContentType(), &body, 303)
}

// sendBody posts a body of a kind.
func (x *site) sendBody(s *apptest.Session, path, kind string, body *bytes.Buffer, status int) string {
	x.t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.Base()+path, body)
	x.Must(err)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Origin", s.Base())
	code, text := s.Do(r)
	if code != status {
		x.t.Errorf("%s answers %d, want %d: %.500s", path, code, status, text)
	}
	return text
}

// TestThePagesOfATransfer: announced by the county, matched by the village with what the page offers.
func TestThePagesOfATransfer(t *testing.T) {
	each(t, func(x *site) {
		officer := x.SignIn(apptest.Login("county-officer", county))
		accountant := x.SignIn(apptest.Login("accountant", village))
		x.see(accountant, "/transfers/new", 403)
		x.see(officer, "/transfers/new", 200, "<form")
		given := form("organisation", x.own.Code, "document", "财农〔2025〕12号", "kind", "revitalisation",
			"amount", "50000", "day", "2025-06-01")
		x.send(officer, "/transfers/new", 303, given)
		x.send(officer, "/transfers/new", 409, given, "已经下达")
		given.Set("organisation", x.Owner(farVillage).Code) // of the other county
		x.send(officer, "/transfers/new", 404, given)
		body := x.see(officer, "/transfers", 200, "财农〔2025〕12号")
		at := strings.Index(body, "/transfers/"+fmt.Sprint(x.own.Home)+"/")
		one := body[at : at+strings.Index(body[at:], `"`)]
		x.see(officer, one, 200, one+"/cancel", "!"+one+"/match", "183 天")
		x.see(accountant, one, 200, one+"/match", "!"+one+"/cancel", "没有足够金额的凭证")
		v := x.post(x.own, "2025-06-20", "503", -50_000_00)
		x.see(accountant, one, 200, one+"/match?voucher="+strings.Replace(v.String(), "/", "%2F", 1), "记-1")
		x.see(accountant, one+"/match?voucher="+v.String(), 200, v.String())
		x.send(accountant, one+"/match", 409, form("version", "1", "on", "2025-12-01", "voucher",
			fmt.Sprintf("%d/999", v.Home)), "不能用于核对")
		x.send(accountant, one+"/match", 303, form("version", "1", "on", "2025-12-01", "voucher",
			v.String()))
		x.see(accountant, one, 200, "2025-06-20", "人工指明凭证", "19 天", one+"/unmatch")
		x.send(accountant, one+"/unmatch", 422, form("version", "2", "on", "2025-12-01"))
		x.send(accountant, one+"/unmatch", 303, form("version", "2", "on", "2025-12-01", "reason", "核错"))
		x.send(officer, one+"/cancel", 303, form("version", "3", "on", "2025-12-01", "reason", "重复"))
		x.see(officer, one, 200, "已撤销", "!"+one+"/cancel")
	})
}

// TestFilesOfTheRegister: a village's loans and a county's transfers, from the template to the list.
func TestFilesOfTheRegister(t *testing.T) {
	each(t, func(x *site) {
		accountant := x.SignIn(apptest.Login("accountant", village))
		officer := x.SignIn(apptest.Login("county-officer", county))
		x.see(accountant, "/loans/import", 200, x.own.Name)
		x.see(accountant, "/lendings/import", 200, x.own.Name)
		x.see(accountant, "/guarantees/import", 200, x.own.Name)
		x.see(accountant, "/transfers/import", 403)
		head := x.see(accountant, "/loans/template?format=csv&organisation="+x.own.Ref().String(), 200,
			"commitments.loan")
		row := ",农商行,银行业金融机构,生产经营周转,1000.00,4.35,2025-11-01,,,决议1,,2025-10-01,是,,,"
		sent := x.upload(accountant, "/loans/import", "organisation", x.own.Ref().String(),
			strings.TrimRight(head, "\r\n")+"\r\n"+row+"\r\n")
		x.apply(accountant, sent)
		x.see(accountant, "/commitments?q=农商行", 200, "1,000.00", "!>没有有效表决<")
		x.see(officer, "/transfers/import", 200, "东岭区")
		head = x.see(officer, "/transfers/template?format=csv", 200, "commitments.transfer")
		lines := []string{strings.TrimRight(head, "\r\n")}
		for _, o := range []string{x.own.Code, x.other.Code} {
			lines = append(lines, o+",财农〔2025〕20号,扶持壮大村级集体经济资金,项目,300000.00,2025-10-01,")
		}
		wrong := x.Owner(farVillage).Code + ",财农〔2025〕20号,扶持壮大村级集体经济资金,项目,1.00,2025-10-01,"
		sent = x.upload(officer, "/transfers/import", "", "", strings.Join(append(lines, wrong, lines[1]),
			"\r\n")+"\r\n")
		x.see(officer, sent, 200, "本区县没有代码", "是同一笔下达")
		sent = x.upload(officer, "/transfers/import", "", "", strings.Join(lines, "\r\n")+"\r\n")
		x.apply(officer, sent)
		x.see(officer, "/transfers?q=20", 200, x.own.Name, x.other.Name, "300,000.00")
		sent = x.upload(officer, "/transfers/import", "", "", strings.Join(lines, "\r\n")+"\r\n\r\n")
		x.see(officer, sent, 200, "已经下达")
	})
}

// TestRowsAreHeldAgainstTheWholeFile: what stands twice is found, however far above it stood first.
func TestRowsAreHeldAgainstTheWholeFile(t *testing.T) {
	each(t, func(x *site) {
		accountant := x.SignIn(apptest.Login("accountant", village))
		officer := x.SignIn(apptest.Login("county-officer", county))
		loans, transfers := strings.Builder{}, strings.Builder{}
		loans.WriteString("number,party,party_kind,purpose,amount,day\n")
		transfers.WriteString("organisation,document,kind,project,amount,day\n")
		for i := range 2_030 {
			fmt.Fprintf(&loans, "借%d,农商行,bank,facilities,1000,2025-03-01\n", i%2_020)
			fmt.Fprintf(&transfers, "%s,财农〔2025〕9号,running,项目%d,50000,2025-06-01\n", x.own.Code,
				i%2_020)
		}
		sent := x.upload(accountant, "/loans/import", "organisation", x.own.Ref().String(), loans.String())
		x.see(accountant, sent, 200, "错误 10")
		sent = x.upload(officer, "/transfers/import", "", "", transfers.String())
		x.see(officer, sent, 200, "错误 10")
	})
}

// upload sends a file and answers with the address of its page.
func (x *site) upload(s *apptest.Session, path, field, value, text string) string {
	x.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if field != "" {
		x.Must(w.WriteField(field, value))
	}
	part, err := w.CreateFormFile("file", "清单.csv")
	x.Must(err)
	_, err = part.Write([]byte(text))
	x.Must(err)
	x.Must(w.Close())
	x.sendBody(s, path, w.FormDataContentType(), &body, 303)
	page := x.see(s, path+"?"+field+"="+value, 200)
	at := strings.Index(page, "-imports/") // the newest comes first
	start := strings.LastIndex(page[:at], `"`) + 1
	return page[start : start+strings.Index(page[start:], `"`)]
}

// apply lets a file take effect and runs the job.
func (x *site) apply(s *apptest.Session, path string) {
	x.t.Helper()
	x.send(s, path, 303, form("act", "apply", "explanation", "已核对"))
	x.Must(x.Host.Jobs.Drain(x.t.Context()))
}

// TestOperationsOfTheRegister: a program enters, repays, releases, announces and matches.
func TestOperationsOfTheRegister(t *testing.T) {
	each(t, func(x *site) {
		accountant := x.SignIn(apptest.Login("accountant", village))
		stranger := x.SignIn(apptest.Login("accountant", otherVillage))
		officer := x.SignIn(apptest.Login("county-officer", county))
		own := fmt.Sprintf("/organisations/%d/%d", x.own.Home, x.own.ID)
		entry := `{"kind":"loan","party":"农商行","party_kind":"bank","purpose":"facilities","amount":100000,
			"day":"2025-03-01"}`
		x.call(stranger, "POST "+own+"/commitments", entry, 404)
		x.call(accountant, "POST "+own+"/commitments", strings.Replace(entry, "100000", "-1", 1), 422)
		made := x.call(accountant, "POST "+own+"/commitments", entry, 201)
		one := fmt.Sprintf("/commitments/%v/%v", made["home"], made["id"])
		if made["voted"] != false || made["outstanding"] != 100000.0 {
			t.Errorf("%v", made)
		}
		x.call(accountant, "POST "+one+"/repayments", `{"version":9,"on":"2025-11-01","amount":1}`, 412)
		paid := x.call(accountant, "POST "+one+"/repayments",
			`{"version":1,"on":"2025-11-01","amount":40000}`, 201)
		if paid["outstanding"] != 60000.0 {
			t.Errorf("%v", paid)
		}
		x.call(accountant, "POST "+one+"/release", `{"version":2,"on":"2025-11-01","document":"x"}`, 409)
		x.call(stranger, "GET "+one, "", 404)
		if rows := x.call(accountant, "GET /commitments?kind=loan&sort=amount", "",
			200)["rows"].([]any); len(rows) != 1 {
			t.Errorf("%v", rows)
		}
		announced := `{"document":"财农〔2025〕1号","kind":"running","amount":5000,"day":"2025-06-01"}`
		x.call(accountant, "POST "+own+"/transfers", announced, 403)
		sent := x.call(officer, "POST "+own+"/transfers", announced, 201)
		at := fmt.Sprintf("/transfers/%v/%v", sent["home"], sent["id"])
		v := x.post(x.own, "2025-06-03", "503", -5000)
		x.call(accountant, "POST "+at+"/match", `{"version":1,"on":"2025-12-01","voucher":"?"}`, 422)
		booked := x.call(accountant, "POST "+at+"/match",
			`{"version":1,"on":"2025-12-01","voucher":"`+v.String()+`"}`, 201)
		if booked["booked"] != "2025-06-03" || booked["voucher"] != v.String() {
			t.Errorf("%v", booked)
		}
		if rows := x.call(accountant, "GET /transfers?course=booked", "",
			200)["rows"].([]any); len(rows) != 1 {
			t.Errorf("%v", rows)
		}
		x.call(stranger, "GET "+at, "", 404)
	})
}
