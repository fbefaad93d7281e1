package holdings

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"regexp"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/platform/webtest"
)

// Readers of the tests.
const (
	county     = "county_officer@青山区"
	reviewer   = "township_reviewer@白涛镇"
	accountant = "village_accountant@天台村"
	neighbour  = "village_accountant@小溪村"
	faraway    = "county_officer@白水区"
)

// newPump is the form of a pump as a browser posts it.
func newPump(more ...string) []string {
	return append([]string{"name", "抽水泵", "form", "fixed", "class", "operating", "category", "production",
		"fixed_kind", "machine", "origin", "own", "title", "clear", "use_state", "self", "acquired",
		"2025-03-31", "cost", "1,000.00"}, more...)
}

// TestEnter: a village accountant need not say where; errors stand beside fields and nothing is lost.
func TestEnter(t *testing.T) {
	each(t, func(x *site) {
		x.See(accountant, "/assets/new").Is(200, "天台村股份经济合作联合社", `name="fixed_kind"`)
		x.See(reviewer, "/assets/new").Is(403)
		x.See("city_officer@江城市", "/assets/new").Is(403)
		p := x.Post(accountant, "/assets/new", "name", "抽水泵", "form", "fixed", "class", "resource", "cost",
			"1.005")
		p.Is(422, `value="抽水泵"`, `value="1.005"`, `id="cost-error"`, `id="category-error"`)
		p = x.Post(accountant, "/assets/new", newPump("use_state", "self", "class", "resource")...)
		p.Is(303)
		p = x.Post(accountant, "/assets/new", "name", "抽水泵", "form", "fixed", "class", "resource",
			"category",
			"production", "fixed_kind", "machine", "origin", "own", "title", "clear", "use_state", "self",
			"cost", "1")
		p.Is(422, `id="class-error"`)
		p = x.Post(accountant, "/assets/new", newPump("organisation", x.own["小溪村"].Ref().String())...)
		p.Is(404)
		at := x.Post(accountant, "/assets/new", newPump("document",
			"凭证7号")...).Is(303).Header.Get("Location")
		x.See(accountant, at).Is(200, "The card has been entered", "凭证7号", "1,000.00", "<svg",
			"straight line",
			"/edit", "!/dispose", "!/transfer")
		x.See(county, at).Is(200, "!/edit", "/dispose", "/transfer")
		x.See(reviewer, at).Is(200, "!/edit")
		x.See(neighbour, at).Is(404)
		x.See(faraway, at).Is(404)
		x.See("", at).Is(401)
	})
}

// TestWarningsAreConfirmed: a twin is taken only once its warning was seen.
func TestWarningsAreConfirmed(t *testing.T) {
	each(t, func(x *site) {
		x.Post(accountant, "/assets/new", newPump("certificate", "渝房1号")...).Is(303)
		p := x.Post(neighbour, "/assets/new", newPump("certificate", "渝房1号")...)
		p.Is(422, `name="confirm"`, "A card of another organisation", "!K00")
		x.Post(neighbour, "/assets/new", newPump("certificate", "渝房1号", "confirm", "1")...).Is(303)
		x.Post(accountant, "/assets/new", newPump("use_state", "self")...).Is(303)
	})
}

// TestActs walks every act with its page: the form opens prefilled, is refused with reasons, and done.
func TestActs(t *testing.T) {
	each(t, func(x *site) {
		a := x.acquire(x.pump("天台村"))
		act := func(who, name string, want int, fields ...string) webtest.Page {
			t.Helper()
			x.See(who, Address(a.Ref())+"/"+name).Is(200, `name="version"`)
			a = x.get(a.Ref())
			p := x.Post(who, Address(a.Ref())+"/"+name, append([]string{"version", fmt.Sprint(a.Version),
				"on",
				"2026-01-04", "document", "文件1号"}, fields...)...)
			p.Is(want)
			return p
		}
		act(accountant, "use", 303, "use_state", "leased", "contract", "HT-1", "term_from", "2026-01-01",
			"term_to",
			"2026-12-31", "annual_fee", "500")
		act(accountant, "edit", 303, "name", "大泵", "category", "production", "latitude", "29.563010",
			"longitude",
			"106.551557")
		act(accountant, "edit", 422, "name", "", "category", "production").Is(422, `id="name-error"`)
		act(accountant, "revalue", 303, "cost", "2000", "salvage", "100", "life_months", "60")
		act(accountant, "revalue", 422, "cost", "1", "salvage", "100", "life_months", "60").Is(422,
			`id="salvage-error"`)
		act(accountant, "title", 303, "title", "unsettled")
		act(county, "dispose", 422, "manner", "sale").Is(422, "The title is unsettled")
		act(accountant, "title", 303, "title", "clear")
		act(county, "transfer", 422, "to", "nowhere").Is(422, `id="to-error"`)
		x.See(accountant, Address(a.Ref())+"/dispose").Is(403)
		x.See(neighbour, Address(a.Ref())+"/use").Is(404)
		p := act(county, "transfer", 303, "to", "小溪村")
		x.See(county, p.Header.Get("Location")).Is(200, "小溪村股份经济合作联合社", "From:")
		x.See(accountant, Address(a.Ref())).Is(200, "transferred", "a card elsewhere", "!/edit")
		x.See(accountant, Address(a.Ref())+"/use").Is(409)
		b := x.acquire(x.pump("天台村"))
		a = b
		act(accountant, "split", 422, "name1", "甲", "share1", "1").Is(422, `id="share2-error"`)
		act(accountant, "split", 303, "name1", "甲", "share1", "1", "name2", "乙", "share2", "2.5")
		x.See(accountant, Address(a.Ref())).Is(200, "甲", "乙", "split")
		c := x.acquire(x.pump("天台村"))
		a = c
		act(county, "dispose", 303, "manner", "scrap", "proceeds", "12.50", "decision", "决议3号")
		x.See(county, Address(a.Ref())).Is(200, "scrapped", "12.50", "决议3号")
		stale := x.Post(accountant, Address(b.Ref())+"/edit", "version", "1", "name", "x", "category",
			"production")
		stale.Is(412)
	})
}

// TestList: filters, sums and labels, each within the reader's places.
func TestList(t *testing.T) {
	each(t, func(x *site) {
		x.acquire(x.pump("天台村"))
		land := x.pump("小溪村")
		land.Name, land.Form, land.Kind, land.Class, land.Category = "鱼塘", "resource", "other_farm",
			assets.Resource, "land"
		land.Area, land.Cost, land.UseState = 666_667, 0, "idle"
		x.acquire(land)
		x.acquire(x.pump("三清村"))
		x.See(county, "/assets").Is(200, "抽水泵", "鱼塘", "1,000.00", "10.00", "!三清村")
		x.See(accountant, "/assets").Is(200, "抽水泵", "!鱼塘")
		x.See(county, "/assets?use=idle&sort=value").Is(200, "!抽水泵", "鱼塘")
		x.See(county, "/assets?q=%E9%B1%BC").Is(200, "!抽水泵", "鱼塘")
		x.See(county, "/assets?organisation=%E5%A4%A9%E5%8F%B0%E6%9D%91").Is(200, "抽水泵", "!鱼塘")
		x.See(accountant, "/assets?organisation="+x.own["小溪村"].Ref().String()).Is(404)
		x.See(county, "/assets?use=burnt").Is(422)
		x.See(county, "/assets?after=%21").Is(422)
		x.See(county, "/assets?format=csv").Is(200, "抽水泵", "1000.00")
		x.See("", "/assets").Is(401)
		labels := x.See(county, "/assets/labels?use=idle")
		labels.Is(200, "鱼塘", "<svg", "!抽水泵")
		x.See(accountant, "/assets/labels").Is(200, "!鱼塘")
		x.See(county, fmt.Sprint("/test/place/", x.place["青山区"])).Is(200, "0.10", "10.00")
		x.See(accountant, fmt.Sprint("/test/place/", x.place["天台村"])).Is(200, "0.10")
		x.See(accountant, registryAddress(x, "天台村")).Is(200, "operating")
	})
}

func registryAddress(x *site, place string) string {
	return fmt.Sprintf("/organisations/%d/%d", x.own[place].Home, x.own[place].ID)
}

// TestAttach: a photo is seen by those who may, and by nobody else.
func TestAttach(t *testing.T) {
	each(t, func(x *site) {
		a := x.acquire(x.pump("天台村"))
		var photo bytes.Buffer
		x.must(jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 20, 20)), nil))
		x.Upload(neighbour, Address(a.Ref())+"/files", "泵.jpg", photo.Bytes(), "version", "1", "purpose",
			"photo").Is(404)
		x.Upload(accountant, Address(a.Ref())+"/files", "泵.jpg", photo.Bytes(), "version", "1", "purpose",
			"hat").Is(422)
		x.Upload(accountant, Address(a.Ref())+"/files", "泵.jpg", []byte("MZ no picture"), "version", "1",
			"purpose",
			"photo").Is(415)
		x.Upload(accountant, Address(a.Ref())+"/files", "泵.jpg", photo.Bytes(), "version", "1", "purpose",
			"photo").Is(303)
		p := x.See(accountant, Address(a.Ref())).Is(200, "thumbnail", "file added")
		picture := regexp.MustCompile(`/files/\d+/\d+/thumbnail`).FindString(p.Body)
		x.See(accountant, picture).Is(200)
		x.See(neighbour, picture).Is(404)
	})
}

// TestImport: a file is checked whole, changes nothing while it is wrong, and takes effect once.
func TestImport(t *testing.T) {
	each(t, func(x *site) {
		x.See(accountant, "/assets/template").Is(200)
		csv := x.See(accountant, "/assets/template?format=csv").Is(200).Body
		lines := strings.Split(strings.TrimRight(csv, "\r\n"), "\n")
		t.Log(lines[0])
		heading := "name,form,class,category,fixed_kind,origin,title,use_state,cost,acquired,number\n"
		const row = "抽水泵%d,fixed,operating,production,machine,own,clear,self,1000,2025-03-31,P%d\n"
		bad := heading + fmt.Sprintf(row, 1, 1) + fmt.Sprintf(row, 2, 1) +
			"鱼塘,resource,resource,land,,own,clear,self,0,2027-01-01,P3\n"
		p := x.Upload(accountant, "/assets/import", "卡片.csv", []byte(bad)).Is(303)
		at := p.Header.Get("Location")
		x.See(accountant, at).Is(200, "The number stands in row 2", "A resource needs its class of land",
			"not after today", `!value="apply"`)
		x.See(neighbour, at).Is(404)
		x.Post(accountant, at, "act", "apply").Is(422)
		good := heading + fmt.Sprintf(row, 1, 1) + fmt.Sprintf(row, 2, 2)
		at = x.Upload(accountant, "/assets/import", "卡片.csv", []byte(good)).Is(303).Header.Get("Location")
		x.See(accountant, at).Is(200, `value="apply"`)
		x.See(accountant, "/assets").Is(200, "!抽水泵1")
		in, err := x.host.Intake.Get(x.ctx, accessMachine, x.own["天台村"].Home, numberAtEnd(at))
		x.must(err)
		for range 2 { // the second time nothing more happens
			in, err = x.host.Intake.Apply(x.ctx, orderOf(in))
			x.must(err)
		}
		if in.Applied != 2 || in.Failed != 0 {
			t.Errorf("applied %+v", in)
		}
		x.See(accountant, "/assets").Is(200, "抽水泵1", "抽水泵2")
		x.Upload(accountant, "/assets/import", "x.csv", []byte("\x00\x01\x02")).Is(422)
		long := strings.Builder{} // rows are held against all rows above, however far above
		long.WriteString(heading)
		for i := range 2_030 {
			fmt.Fprintf(&long, row, i, 10+i%2_020)
		}
		at = x.Upload(accountant, "/assets/import", "许多.csv", []byte(long.String())).Is(303).Header.Get(
			"Location")
		in, err = x.host.Intake.Get(x.ctx, accessMachine, x.own["天台村"].Home, numberAtEnd(at))
		x.must(err)
		if in.Rows != 2_030 || in.Errors != 10 {
			t.Errorf("of a long file: %+v", in)
		}
	})
}
