package holdings

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/assets"
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
		x.see(accountant, "/assets/new").is(200, "天台村股份经济合作联合社", `name="fixed_kind"`)
		x.see(reviewer, "/assets/new").is(403)
		x.see("city_officer@江城市", "/assets/new").is(403)
		p := x.post(accountant, "/assets/new", "name", "抽水泵", "form", "fixed", "class", "resource", "cost",
			"1.005")
		p.is(422, `value="抽水泵"`, `value="1.005"`, `id="cost-error"`, `id="category-error"`)
		p = x.post(accountant, "/assets/new", newPump("use_state", "self", "class", "resource")...)
		p.is(303)
		p = x.post(accountant, "/assets/new", "name", "抽水泵", "form", "fixed", "class", "resource",
			"category",
			"production", "fixed_kind", "machine", "origin", "own", "title", "clear", "use_state", "self",
			"cost", "1")
		p.is(422, `id="class-error"`)
		p = x.post(accountant, "/assets/new", newPump("organisation", x.own["小溪村"].Ref().String())...)
		p.is(404)
		at := x.post(accountant, "/assets/new", newPump("document",
			"凭证7号")...).is(303).header.Get("Location")
		x.see(accountant, at).is(200, "The card has been entered", "凭证7号", "1,000.00", "<svg",
			"straight line",
			"/edit", "!/dispose", "!/transfer")
		x.see(county, at).is(200, "!/edit", "/dispose", "/transfer")
		x.see(reviewer, at).is(200, "!/edit")
		x.see(neighbour, at).is(404)
		x.see(faraway, at).is(404)
		x.see("", at).is(401)
	})
}

// TestWarningsAreConfirmed: a twin is taken only once its warning was seen.
func TestWarningsAreConfirmed(t *testing.T) {
	each(t, func(x *site) {
		x.post(accountant, "/assets/new", newPump("certificate", "渝房1号")...).is(303)
		p := x.post(neighbour, "/assets/new", newPump("certificate", "渝房1号")...)
		p.is(422, `name="confirm"`, "A card of another organisation", "!K00")
		x.post(neighbour, "/assets/new", newPump("certificate", "渝房1号", "confirm", "1")...).is(303)
		x.post(accountant, "/assets/new", newPump("use_state", "self")...).is(303)
	})
}

// TestActs walks every act with its page: the form opens prefilled, is refused with reasons, and done.
func TestActs(t *testing.T) {
	each(t, func(x *site) {
		a := x.acquire(x.pump("天台村"))
		act := func(who, name string, want int, fields ...string) page {
			t.Helper()
			x.see(who, Address(a.Ref())+"/"+name).is(200, `name="version"`)
			a = x.get(a.Ref())
			p := x.post(who, Address(a.Ref())+"/"+name, append([]string{"version", fmt.Sprint(a.Version),
				"on",
				"2026-01-04", "document", "文件1号"}, fields...)...)
			p.is(want)
			return p
		}
		act(accountant, "use", 303, "use_state", "leased", "contract", "HT-1", "term_from", "2026-01-01",
			"term_to",
			"2026-12-31", "annual_fee", "500")
		act(accountant, "edit", 303, "name", "大泵", "category", "production", "latitude", "29.563010",
			"longitude",
			"106.551557")
		act(accountant, "edit", 422, "name", "", "category", "production").is(422, `id="name-error"`)
		act(accountant, "revalue", 303, "cost", "2000", "salvage", "100", "life_months", "60")
		act(accountant, "revalue", 422, "cost", "1", "salvage", "100", "life_months", "60").is(422,
			`id="salvage-error"`)
		act(accountant, "title", 303, "title", "unsettled")
		act(county, "dispose", 422, "manner", "sale").is(422, "The title is unsettled")
		act(accountant, "title", 303, "title", "clear")
		act(county, "transfer", 422, "to", "nowhere").is(422, `id="to-error"`)
		x.see(accountant, Address(a.Ref())+"/dispose").is(403)
		x.see(neighbour, Address(a.Ref())+"/use").is(404)
		p := act(county, "transfer", 303, "to", "小溪村")
		x.see(county, p.header.Get("Location")).is(200, "小溪村股份经济合作联合社", "From:")
		x.see(accountant, Address(a.Ref())).is(200, "transferred", "a card elsewhere", "!/edit")
		x.see(accountant, Address(a.Ref())+"/use").is(409)
		b := x.acquire(x.pump("天台村"))
		a = b
		act(accountant, "split", 422, "name1", "甲", "share1", "1").is(422, `id="share2-error"`)
		act(accountant, "split", 303, "name1", "甲", "share1", "1", "name2", "乙", "share2", "2.5")
		x.see(accountant, Address(a.Ref())).is(200, "甲", "乙", "split")
		c := x.acquire(x.pump("天台村"))
		a = c
		act(county, "dispose", 303, "manner", "scrap", "proceeds", "12.50", "decision", "决议3号")
		x.see(county, Address(a.Ref())).is(200, "scrapped", "12.50", "决议3号")
		stale := x.post(accountant, Address(b.Ref())+"/edit", "version", "1", "name", "x", "category",
			"production")
		stale.is(412)
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
		x.see(county, "/assets").is(200, "抽水泵", "鱼塘", "1,000.00", "10.00", "!三清村")
		x.see(accountant, "/assets").is(200, "抽水泵", "!鱼塘")
		x.see(county, "/assets?use=idle&sort=value").is(200, "!抽水泵", "鱼塘")
		x.see(county, "/assets?q=%E9%B1%BC").is(200, "!抽水泵", "鱼塘")
		x.see(county, "/assets?organisation=%E5%A4%A9%E5%8F%B0%E6%9D%91").is(200, "抽水泵", "!鱼塘")
		x.see(accountant, "/assets?organisation="+x.own["小溪村"].Ref().String()).is(404)
		x.see(county, "/assets?use=burnt").is(422)
		x.see(county, "/assets?after=%21").is(422)
		x.see(county, "/assets?format=csv").is(200, "抽水泵", "1000.00")
		x.see("", "/assets").is(401)
		labels := x.see(county, "/assets/labels?use=idle")
		labels.is(200, "鱼塘", "<svg", "!抽水泵")
		x.see(accountant, "/assets/labels").is(200, "!鱼塘")
		x.see(county, fmt.Sprint("/test/place/", x.place["青山区"])).is(200, "0.10", "10.00")
		x.see(accountant, fmt.Sprint("/test/place/", x.place["天台村"])).is(200, "0.10")
		x.see(accountant, registryAddress(x, "天台村")).is(200, "operating")
	})
}

func registryAddress(x *site, place string) string {
	return fmt.Sprintf("/organisations/%d/%d", x.own[place].Home, x.own[place].ID)
}

// upload posts a file to a page.
func (x *site) upload(who, path, name string, content []byte, fields ...string) page {
	x.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		x.must(m.WriteField(fields[i], fields[i+1]))
	}
	part, err := m.CreateFormFile("file", name)
	x.must(err)
	_, err = part.Write(content)
	x.must(err)
	x.must(m.Close())
	return x.ask(who, http.MethodPost, path, &body, "Content-Type", m.FormDataContentType())
}

// TestAttach: a photo is seen by those who may, and by nobody else.
func TestAttach(t *testing.T) {
	each(t, func(x *site) {
		a := x.acquire(x.pump("天台村"))
		var photo bytes.Buffer
		x.must(jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 20, 20)), nil))
		x.upload(neighbour, Address(a.Ref())+"/files", "泵.jpg", photo.Bytes(), "version", "1", "purpose",
			"photo").is(404)
		x.upload(accountant, Address(a.Ref())+"/files", "泵.jpg", photo.Bytes(), "version", "1", "purpose",
			"hat").is(422)
		x.upload(accountant, Address(a.Ref())+"/files", "泵.jpg", []byte("MZ no picture"), "version", "1",
			"purpose",
			"photo").is(415)
		x.upload(accountant, Address(a.Ref())+"/files", "泵.jpg", photo.Bytes(), "version", "1", "purpose",
			"photo").is(303)
		p := x.see(accountant, Address(a.Ref())).is(200, "thumbnail", "file added")
		picture := regexp.MustCompile(`/files/\d+/\d+/thumbnail`).FindString(p.body)
		x.see(accountant, picture).is(200)
		x.see(neighbour, picture).is(404)
	})
}

// TestImport: a file is checked whole, changes nothing while it is wrong, and takes effect once.
func TestImport(t *testing.T) {
	each(t, func(x *site) {
		x.see(accountant, "/assets/template").is(200)
		csv := x.see(accountant, "/assets/template?format=csv").is(200).body
		lines := strings.Split(strings.TrimRight(csv, "\r\n"), "\n")
		t.Log(lines[0])
		heading := "name,form,class,category,fixed_kind,origin,title,use_state,cost,acquired,number\n"
		const row = "抽水泵%d,fixed,operating,production,machine,own,clear,self,1000,2025-03-31,P%d\n"
		bad := heading + fmt.Sprintf(row, 1, 1) + fmt.Sprintf(row, 2, 1) +
			"鱼塘,resource,resource,land,,own,clear,self,0,2027-01-01,P3\n"
		p := x.upload(accountant, "/assets/import", "卡片.csv", []byte(bad)).is(303)
		at := p.header.Get("Location")
		x.see(accountant, at).is(200, "The number stands in row 2", "A resource needs its class of land",
			"not after today", "!/apply")
		x.see(neighbour, at).is(404)
		x.post(accountant, at+"/apply").is(422)
		good := heading + fmt.Sprintf(row, 1, 1) + fmt.Sprintf(row, 2, 2)
		at = x.upload(accountant, "/assets/import", "卡片.csv", []byte(good)).is(303).header.Get("Location")
		x.see(accountant, at).is(200, "/apply")
		x.see(accountant, "/assets").is(200, "!抽水泵1")
		in, err := x.host.Intake.Get(x.ctx, accessMachine, x.own["天台村"].Home, numberAtEnd(at))
		x.must(err)
		for range 2 { // the second time nothing more happens
			in, err = x.host.Intake.Apply(x.ctx, orderOf(in))
			x.must(err)
		}
		if in.Applied != 2 || in.Failed != 0 {
			t.Errorf("applied %+v", in)
		}
		x.see(accountant, "/assets").is(200, "抽水泵1", "抽水泵2")
		x.upload(accountant, "/assets/import", "x.csv", []byte("\x00\x01\x02")).is(422)
	})
}
