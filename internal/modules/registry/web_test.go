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
			x.Ask("", method, path, nil).Is(http.StatusUnauthorized, "!天台村")
			if strings.Count(path, "/") < 3 {
				continue // the list and the form of a new one are anybody's who has the permit
			}
			p := x.Ask(neighbour, method, path, strings.NewReader(""))
			p.Is(http.StatusNotFound, "!天台村股份", "!张三")
			if strings.HasPrefix(route, "POST") || strings.Count(path, "/") > 3 {
				x.Ask(reader, method, path, strings.NewReader("")).Is(http.StatusForbidden, "!天台村股份", "!张三")
			}
		}
		x.See(neighbour, "/organisations").Is(200, "!天台村")
		x.See(neighbour, "/organisations?format=csv").Is(200, "!天台村")
		x.See(neighbour, fmt.Sprintf("/test/place/%d", o.Place)).Is(200, "!天台村")
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
		x.See(county, "/organisations").Is(200, "Enter an organisation")
		x.See(accountant, "/organisations").Is(200, "!Enter an organisation")
		x.See(county, "/organisations/new?place=%23"+number(x.place["天台村"])).Is(200, "Credit code",
			`value="#`+number(x.place["天台村"]))
		x.Post(county, "/organisations/new", "place", "天台村", "name", "", "code", "N2500102MF0000013F",
			"members", "many", "note", "记得核对").Is(422, "18th character", "记得核对", `value="many"`,
			`id="name-error"`, `id="members-error"`, `id="code-error"`)
		x.Post(county, "/organisations/new", "place", "三清村", "name", "甲", "code", "N2500102MF0000013E").
			Is(422, "Not found, or outside your duties")
		x.Post(county, "/organisations/new", "place", "天台村", "name", "天台村经济合作社", "established",
			"2025-06-01", "code", "N2500102MF0000013E").Is(422, "集体经济组织", `name="confirm"`)
		x.Post(county, "/organisations/new", "place", "天台村", "name", "天台村经济合作社", "established",
			"2025-06-01", "code", "N2500102MF0000013E", "confirm", "1").Is(200, "It is entered", "天台村经济合作社",
			"N2500102MF0000013E", "Vacant", "Active")
		x.Post(county, "/organisations/new", "place", "天台村", "name", "又一个", "code",
			credit(division.Village, 5)).Is(409, "is already entered for this place", "又一个")
		x.See("village_accountant@小溪村", "/organisations").Is(200, "!天台村经济合作社")
		x.See(accountant, "/organisations?q=%E5%90%88%E4%BD%9C").Is(200, "天台村经济合作社", "one in all")
		x.See(accountant, "/organisations?level=group").Is(200, "Nothing fits")
		x.See(accountant, "/organisations?level=nation").Is(422)
	})
}

// TestFilePage: officers masked for those who may not see them, forms for those who may change.
func TestFilePage(t *testing.T) {
	each(t, func(x *site) {
		o := x.enter("天台村", 1)
		at := Address(o.Ref())
		x.See(county, at+"/appoint").Is(200, "Cashier")
		x.Post(county, at+"/appoint", "office", "chair", "name", "张三丰", "phone", "13812345678", "since",
			"2025-01-01").Is(200, "The appointment is entered", "张三丰", "138****5678", "!13812345678")
		x.Post(county, at+"/appoint", "office", "chair", "name", "李四", "since", "2025-02-01").
			Is(409, "There is a chair in office", "李四", "Art. 29")
		x.Post(county, at+"/appoint", "office", "mayor", "name", "李四", "since", "soon").Is(422)
		x.See(accountant, at).Is(200, "张三丰", "138****5678", "!/appoint")
		x.See(reader, at).Is(200, "!张三丰", "!13812345678")
		person := x.people(o.Ref())[0]
		officer := officerAddress(person.Officer)
		x.Post(accountant, officer+"/phone", "reason", "x").Is(422, "!13812345678")
		x.Post(accountant, officer+"/phone", "reason", "核对清查名单").Is(200, "13812345678")
		x.See(county, officer+"/leave").Is(200, "张三丰")
		x.Post(county, officer+"/leave", "on", "2024-01-01").Is(422, "no sooner than one began")
		x.Post(county, officer+"/leave", "on", "2025-12-31").Is(200, "The end of the office is entered",
			"Former officers")
		x.See(county, at+"/edit").Is(200, o.Name)
		version := number(x.get(o.Ref()).Version)
		x.Post(county, at+"/edit", "version", version, "name", "天台村经济联合社", "code", o.Code, "members", "12").
			Is(200, "It is saved", "天台村经济联合社")
		x.Post(county, at+"/edit", "version", version, "name", "晚了一步", "code", o.Code).Is(412, "晚了一步")
		x.See(county, "/organisations/"+number(o.Home)+"/99").Is(404)
		x.See(county, "/organisations/x/1").Is(404)
	})
}

// TestSuccessionPages: a merger by place, code and number; a division with findings beside its pieces.
func TestSuccessionPages(t *testing.T) {
	each(t, func(x *site) {
		into, from, third := x.enter("天台村", 1), x.enter("小溪村", 2), x.enter("龙泉村", 3)
		at := Address(into.Ref())
		rest := []string{"approved", "2025-12-15", "on", "2025-12-20", "document", "青府函〔2025〕8号"}
		x.See(county, at+"/merge").Is(200, "Merging villages does not merge organisations")
		x.Post(county, at+"/merge", append(rest, "source1", "天台村一组", "source2", "9/9")...).
			Is(422, `id="source1-error"`, `id="source2-error"`)
		x.Post(county, at+"/merge", append(rest, "source1", from.Code, "told", "2026-01-04")...).
			Is(422, `id="told-error"`)
		x.Post(county, at+"/merge", append(rest, "source1", from.Code, "source2", third.Ref().String())...).
			Is(200, "The merger is entered", "took over", "overdue since 2025-12-25", "900")
		x.See(county, Address(from.Ref())).Is(200, "merged into", "!/merge\"")
		x.See(county, Address(from.Ref())+"/merge").Is(409, "has ended")
		link := number(x.links(from.Ref())[0].ID)
		x.Post(county, at+"/told", "link", link, "told", "2025-12-30").Is(422, "within 10 days")
		x.Post(county, at+"/told", "link", link, "told", "2025-12-24").Is(200, "2025-12-24")
		x.divisionPage(into, rest)
	})
}

func (x *site) divisionPage(o Organisation, rest []string) {
	x.t.Helper()
	at := Address(o.Ref()) + "/divide"
	x.See(county, at).Is(200, "Successor 1", "Successor 4")
	one := []string{"p1_share", "60", "p1_place", "天台村", "p1_name", "东天台经济联合社", "p1_code", o.Code}
	wrong := append(append(rest, one...), "p2_share", "40", "p2_place", "小溪村", "p2_name", "西天台", "p2_code",
		"N2500102MF0000013F")
	x.Post(county, at, wrong...).Is(422, `id="p2_code-error"`, `!id="p1_code-error"`, "东天台经济联合社")
	right := append(append(rest, one...), "p2_place", "小溪村", "p2_name", "西天台", "p2_code",
		credit(division.Village, 9))
	x.Post(county, at, append(right, "p2_share", "30")...).Is(422, "they sum to 100%", "西天台")
	x.Post(county, at, append(right, "p2_share", "40")...).Is(200, "The division is entered",
		"divided into",
		"60.00%", "西天台")
}

// TestPlaceCard: a place shows its organisation and what is vacant, or the way to enter one.
func TestPlaceCard(t *testing.T) {
	each(t, func(x *site) {
		card := fmt.Sprintf("/test/place/%d", x.place["天台村"])
		x.See(county, card).Is(200, "Neither an organisation nor an acting body",
			"/organisations/new?place=")
		x.See(accountant, card).Is(200, "!/organisations/new")
		o := x.enter("天台村", 1)
		x.must(x.appoint(o.Ref(), Council, "张三", "2025-01-01"))
		x.must(x.appoint(o.Ref(), Council, "李四", "2025-01-01"))
		x.See(accountant, card).Is(200, o.Name, "Council member × 2", "Vacant", "!张三")
		x.See(county, fmt.Sprintf("/test/place/%d", x.place["青山区"])).Is(200,
			"All organisations of this place",
			"!Neither")
	})
}

// TestDamagedText: what no database can hold or nobody can read is refused on every way in.
func TestDamagedText(t *testing.T) {
	each(t, func(x *site) {
		o := x.enter("天台村", 1)
		for _, damage := range []string{"%00", "%ff", "%01"} {
			if p := x.See(county, "/organisations?q="+damage); p.Status >= 500 {
				t.Errorf("a search for %s: %d", damage, p.Status)
			}
			if p := x.See(county, "/organisations?place="+damage); p.Status >= 500 {
				t.Errorf("a place %s: %d", damage, p.Status)
			}
			if p, _ := x.Call(county, http.MethodGet, "/organisations?text="+damage, ""); p.Status >= 500 {
				t.Errorf("the API, for %s: %d", damage, p.Status)
			}
		}
		x.Post(county, Address(o.Ref())+"/edit", "version", "1", "name", "天台\x00村", "code", o.Code).Is(422)
		for _, field := range []string{"name", "note", "acting_body"} {
			body := `{"name":"天台村","code":"` + o.Code + `","` + field + `":"天\u0000台"}`
			p, _ := x.Call(county, http.MethodPut, "/organisations/"+o.Ref().String(), body, "If-Match",
				`"1"`)
			p.Is(422)
		}
	})
}
