package registry

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/pure/division"
)

const (
	county     = "county_officer@青山区"
	neighbour  = "county_officer@白水区"
	accountant = "village_accountant@天台村"
	reader     = "reader@青山区"
)

// TestOutsiders: to nobody, to a neighbour and to those without the permit there is nothing, on any
// page of the module.
func TestOutsiders(t *testing.T) {
	each(t, func(x *site) {
		o := x.enter("天台村", 1)
		x.must(x.appoint(o.Ref(), Keeper, "张三", "2025-01-01"))
		officer := officerAddress(x.people(o.Ref())[0].Officer)
		fill := strings.NewReplacer("{home}", number(o.Home), "{id}", number(o.ID))
		for _, route := range x.pages0() {
			method, path, _ := strings.Cut(route, " ")
			if path = fill.Replace(path); strings.HasPrefix(path, "/officers/") {
				path = officer + path[strings.LastIndex(path, "/"):]
			}
			x.ask("", method, path, nil).is(http.StatusUnauthorized, "!天台村")
			if strings.Count(path, "/") < 3 {
				continue // the list and the form of a new one are anybody's who has the permit
			}
			p := x.ask(neighbour, method, path, strings.NewReader(""))
			p.is(http.StatusNotFound, "!天台村股份", "!张三")
			if strings.HasPrefix(route, "POST") || strings.Count(path, "/") > 3 {
				x.ask(reader, method, path, strings.NewReader("")).is(http.StatusForbidden, "!天台村股份", "!张三")
			}
		}
		x.see(neighbour, "/organisations").is(200, "!天台村")
		x.see(neighbour, "/organisations?format=csv").is(200, "!天台村")
		x.see(neighbour, fmt.Sprintf("/test/place/%d", o.Place)).is(200, "!天台村")
		if got := x.get(o.Ref()); got.Version != 2 { // entered, and an officer appointed
			t.Errorf("somebody changed it: %+v", got)
		}
	})
}

// pages0 are the patterns of the module's routes.
func (x *site) pages0() []string {
	var all []string
	for _, r := range x.Registry.pages() {
		all = append(all, r.Pattern)
	}
	return all
}

// TestEnterPage: everything wrong is told at once and nothing typed is lost; then it is entered.
func TestEnterPage(t *testing.T) {
	each(t, func(x *site) {
		x.see(county, "/organisations").is(200, "Enter an organisation")
		x.see(accountant, "/organisations").is(200, "!Enter an organisation")
		x.see(county, "/organisations/new?place=%23"+number(x.place["天台村"])).is(200, "Credit code",
			`value="#`+number(x.place["天台村"]))
		x.post(county, "/organisations/new", "place", "天台村", "name", "", "code", "N2500102MF0000013F",
			"members", "many", "note", "记得核对").is(422, "18th character", "记得核对", `value="many"`,
			`id="name-error"`, `id="members-error"`, `id="code-error"`)
		x.post(county, "/organisations/new", "place", "三清村", "name", "甲", "code", "N2500102MF0000013E").
			is(422, "Not found, or outside your duties")
		x.post(county, "/organisations/new", "place", "天台村", "name", "天台村经济合作社", "established",
			"2025-06-01", "code", "N2500102MF0000013E").is(422, "集体经济组织", `name="confirm"`)
		x.post(county, "/organisations/new", "place", "天台村", "name", "天台村经济合作社", "established",
			"2025-06-01", "code", "N2500102MF0000013E", "confirm", "1").is(200, "It is entered", "天台村经济合作社",
			"N2500102MF0000013E", "Vacant", "Active")
		x.post(county, "/organisations/new", "place", "天台村", "name", "又一个", "code",
			credit(division.Village, 5)).is(409, "is already entered for this place", "又一个")
		x.see("village_accountant@小溪村", "/organisations").is(200, "!天台村经济合作社")
		x.see(accountant, "/organisations?q=%E5%90%88%E4%BD%9C").is(200, "天台村经济合作社", "one in all")
		x.see(accountant, "/organisations?level=group").is(200, "Nothing fits")
		x.see(accountant, "/organisations?level=nation").is(422)
	})
}

// TestFilePage: officers masked for those who may not see them, forms for those who may change.
func TestFilePage(t *testing.T) {
	each(t, func(x *site) {
		o := x.enter("天台村", 1)
		at := Address(o.Ref())
		x.see(county, at+"/appoint").is(200, "Cashier")
		x.post(county, at+"/appoint", "office", "chair", "name", "张三丰", "phone", "13812345678", "since",
			"2025-01-01").is(200, "The appointment is entered", "张三丰", "138****5678", "!13812345678")
		x.post(county, at+"/appoint", "office", "chair", "name", "李四", "since", "2025-02-01").
			is(409, "There is a chair in office", "李四", "Art. 29")
		x.post(county, at+"/appoint", "office", "mayor", "name", "李四", "since", "soon").is(422)
		x.see(accountant, at).is(200, "张三丰", "138****5678", "!/appoint")
		x.see(reader, at).is(200, "!张三丰", "!13812345678")
		person := x.people(o.Ref())[0]
		officer := officerAddress(person.Officer)
		x.post(accountant, officer+"/phone", "reason", "x").is(422, "!13812345678")
		x.post(accountant, officer+"/phone", "reason", "核对清查名单").is(200, "13812345678")
		x.see(county, officer+"/leave").is(200, "张三丰")
		x.post(county, officer+"/leave", "on", "2024-01-01").is(422, "no sooner than one began")
		x.post(county, officer+"/leave", "on", "2025-12-31").is(200, "The end of the office is entered",
			"Former officers")
		x.see(county, at+"/edit").is(200, o.Name)
		version := number(x.get(o.Ref()).Version)
		x.post(county, at+"/edit", "version", version, "name", "天台村经济联合社", "code", o.Code, "members", "12").
			is(200, "It is saved", "天台村经济联合社")
		x.post(county, at+"/edit", "version", version, "name", "晚了一步", "code", o.Code).is(412, "晚了一步")
		x.see(county, "/organisations/"+number(o.Home)+"/99").is(404)
		x.see(county, "/organisations/x/1").is(404)
	})
}

// TestSuccessionPages: a merger by place, code and number; a division with findings beside its pieces.
func TestSuccessionPages(t *testing.T) {
	each(t, func(x *site) {
		into, from, third := x.enter("天台村", 1), x.enter("小溪村", 2), x.enter("龙泉村", 3)
		at := Address(into.Ref())
		rest := []string{"approved", "2025-12-15", "on", "2025-12-20", "document", "青府函〔2025〕8号"}
		x.see(county, at+"/merge").is(200, "Merging villages does not merge organisations")
		x.post(county, at+"/merge", append(rest, "source1", "天台村一组", "source2", "9/9")...).
			is(422, `id="source1-error"`, `id="source2-error"`)
		x.post(county, at+"/merge", append(rest, "source1", from.Code, "told", "2026-01-04")...).
			is(422, `id="told-error"`)
		x.post(county, at+"/merge", append(rest, "source1", from.Code, "source2", third.Ref().String())...).
			is(200, "The merger is entered", "took over", "overdue since 2025-12-25", "900")
		x.see(county, Address(from.Ref())).is(200, "merged into", "!/merge\"")
		x.see(county, Address(from.Ref())+"/merge").is(409, "has ended")
		link := number(x.links(from.Ref())[0].ID)
		x.post(county, at+"/told", "link", link, "told", "2025-12-30").is(422, "within 10 days")
		x.post(county, at+"/told", "link", link, "told", "2025-12-24").is(200, "2025-12-24")
		x.divisionPage(into, rest)
	})
}

func (x *site) divisionPage(o Organisation, rest []string) {
	x.t.Helper()
	at := Address(o.Ref()) + "/divide"
	x.see(county, at).is(200, "Successor 1", "Successor 4")
	one := []string{"p1_share", "60", "p1_place", "天台村", "p1_name", "东天台经济联合社", "p1_code", o.Code}
	wrong := append(append(rest, one...), "p2_share", "40", "p2_place", "小溪村", "p2_name", "西天台", "p2_code",
		"N2500102MF0000013F")
	x.post(county, at, wrong...).is(422, `id="p2_code-error"`, `!id="p1_code-error"`, "东天台经济联合社")
	right := append(append(rest, one...), "p2_place", "小溪村", "p2_name", "西天台", "p2_code",
		credit(division.Village, 9))
	x.post(county, at, append(right, "p2_share", "30")...).is(422, "they sum to 100%", "西天台")
	x.post(county, at, append(right, "p2_share", "40")...).is(200, "The division is entered",
		"divided into",
		"60.00%", "西天台")
}

// TestPlaceCard: a place shows its organisation and what is vacant, or the way to enter one.
func TestPlaceCard(t *testing.T) {
	each(t, func(x *site) {
		card := fmt.Sprintf("/test/place/%d", x.place["天台村"])
		x.see(county, card).is(200, "Neither an organisation nor an acting body",
			"/organisations/new?place=")
		x.see(accountant, card).is(200, "!/organisations/new")
		o := x.enter("天台村", 1)
		x.must(x.appoint(o.Ref(), Council, "张三", "2025-01-01"))
		x.must(x.appoint(o.Ref(), Council, "李四", "2025-01-01"))
		x.see(accountant, card).is(200, o.Name, "Council member × 2", "Vacant", "!张三")
		x.see(county, fmt.Sprintf("/test/place/%d", x.place["青山区"])).is(200,
			"All organisations of this place",
			"!Neither")
	})
}

// TestDamagedText: what no database can hold or nobody can read is refused on every way in.
func TestDamagedText(t *testing.T) {
	each(t, func(x *site) {
		o := x.enter("天台村", 1)
		for _, damage := range []string{"%00", "%ff", "%01"} {
			if p := x.see(county, "/organisations?q="+damage); p.status >= 500 {
				t.Errorf("a search for %s: %d", damage, p.status)
			}
			if p := x.see(county, "/organisations?place="+damage); p.status >= 500 {
				t.Errorf("a place %s: %d", damage, p.status)
			}
			if p, _ := x.call(county, http.MethodGet, "/organisations?text="+damage, ""); p.status >= 500 {
				t.Errorf("the API, for %s: %d", damage, p.status)
			}
		}
		x.post(county, Address(o.Ref())+"/edit", "version", "1", "name", "天台\x00村", "code", o.Code).is(422)
		for _, field := range []string{"name", "note", "acting_body"} {
			body := `{"name":"天台村","code":"` + o.Code + `","` + field + `":"天\u0000台"}`
			p, _ := x.call(county, http.MethodPut, "/organisations/"+o.Ref().String(), body, "If-Match",
				`"1"`)
			p.is(422)
		}
	})
}
