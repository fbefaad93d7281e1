package intakepage_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spf13/cobra"
	"github.com/xuri/excelize/v2"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/cli"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/hosttest"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// A module that keeps pumps of two villages.
const schema = `-- +goose Up
CREATE TABLE pump (home BIGINT NOT NULL, id BIGINT NOT NULL, version BIGINT NOT NULL, place BIGINT NOT NULL,
	name TEXT NOT NULL, PRIMARY KEY (home, id));
`

type pump struct {
	Home    int64  `db:"home"`
	ID      int64  `db:"id,key"`
	Version int64  `db:"version,version"`
	Place   int64  `db:"place"`
	Name    string `db:"name"`
}

var pumps = store.NewTable[pump]("pump")

const pumpForm = `
key: pump
version: 1
title: {zh: 水泵清单, en: Pumps}
basis: 无
mark: config
fields:
  - {key: name, label: {zh: 名称, en: Name}, kind: text, required: true}
  - {key: amount, label: {zh: 金额, en: Amount}, kind: money, required: true}
checks:
  - key: dear
    expr: amount <= 100000
    severity: warning
    fields: [amount]
    text: {zh: "金额偏大", en: "it is much"}
cross_checks:
  - key: once
    expr: unique(rows, name)
    fields: [name]
    text: {zh: 名称重复, en: a name stands twice}
`

const texts = `key,zh,en
pumps.import,导入水泵,Import pumps
pumps.import.lead,为 %[1]v 导入,Pumps of %[1]v
pumps.import.fill,每台一行,one pump a row
pumps.template.name,水泵 %[1]v,Pumps of %[1]v
pumps.command.import,导入,import
pumps.command.village,村,village
pumps.command.template,模板,template
`

const (
	home   = 500102
	permit = access.Permit("assets.change") // of a village accountant, in the national pack
	own    = "village_accountant@天台村"
	other  = "village_accountant@小溪村"
)

// world is the module on a host.
type world struct {
	*hosttest.Site
	files *intakepage.Files
	kept  bool // the files themselves
	once  bool // they take effect at once
}

type places struct{}

func (places) Path(place int64) access.Path { return binary.BigEndian.AppendUint32(nil, uint32(place)) }
func (places) Members(int64) []int64        { return nil }

func (places) Level(int64) (division.Level, bool) { return division.Village, true }
func (places) Name(int64) string                  { return "" }

func (places) Find(context.Context, string) (int64, error) { return 0, nil }

func (places) Successors(context.Context, int64, period.Date) ([]int64, error) { return nil, nil }

func (places) Areas(context.Context, period.Date) ([]identity.Area, error) { return nil, nil }

var villages = map[string]int64{"天台村": 1, "小溪村": 2}

// village is a subject; the number of a village is its reference.
func village(name string) (intakepage.Subject, error) {
	id, ok := villages[name]
	if !ok {
		return intakepage.Subject{}, fault.New(fault.NotFound, "web.no_page")
	}
	return intakepage.Subject{Home: home, Place: id, Key: "village/" + name, Ref: name, Name: name}, nil
}

func (w *world) build(h *manifest.Host) []manifest.Module {
	library, _ := form.Load(fstest.MapFS{"forms/a.yaml": {Data: []byte(pumpForm)}})
	d, _ := library.Form("pump")
	w.files = w.declare(h, d)
	return []manifest.Module{{Name: "pump", Tables: []store.Sealed{pumps}, Pages: w.files.Routes(),
		JobKinds: w.files.Jobs(), Endpoints: w.files.Endpoints,
		Texts: fstest.MapFS{"texts/pumps.csv": {Data: []byte(texts)}},
		Part:  store.Part{Migrations: fstest.MapFS{"0001_pump.sql": {Data: []byte(schema)}}},
		Commands: func() []*cobra.Command {
			return []*cobra.Command{w.files.ImportCommand(), w.files.TemplateCommand()}
		},
		Start: func(context.Context) error {
			h.Access.SetPlaces(places{})
			h.Identity.SetPlaces(places{})
			return h.Intake.Register(intake.Kind{Key: "pump", Form: d, Permit: permit,
				Wanted:  w.files.Wanted,
				Context: w.files.Context, Apply: w.apply})
		}}}
}

func (w *world) declare(h *manifest.Host, d *form.Definition) *intakepage.Files {
	f := &intakepage.Files{Host: h, Name: "PumpImport", Tag: "pumps", Texts: "pumps", Job: "pumps.import",
		Permit: permit, At: "/pump-imports/{home}/{id}", From: "/villages/{home}/{id}/pump-imports",
		Flag: "village", Ours: func(kind string) bool { return kind == "pump" },
		KindOf: func(string, sheet.Upload) (string, error) { return "pump", nil },
		About: func(_ store.Reader, in intake.Intake) (intakepage.Subject, error) {
			return village(strings.TrimPrefix(in.Subject, "village/"))
		},
		Chosen: func(r *web.Request) (intakepage.Subject, error) {
			s, err := village(r.Field("village"))
			if err == nil {
				err = r.Require(permit, s.Place)
			}
			return s, err
		},
		Named: func(_ context.Context, text string) (intakepage.Subject, error) { return village(text) },
		Of: func(_ context.Context, _ access.Actor, _, id int64) (intakepage.Subject, error) {
			return village(map[int64]string{1: "天台村", 2: "小溪村"}[id])
		},
		Frame: func(_ *web.Request, _ intake.Intake, s intakepage.Subject) (intakepage.Frame, error) {
			return intakepage.Frame{About: s.Name, Apply: "Enter the pumps",
				Links: []intakepage.Link{{Text: "All pumps", Href: "/pumps"}}}, nil
		}}
	f.Template = func(_ store.Reader, l locale.Language, s intakepage.Subject,
		_ string) (intakepage.Workbook,
		error) {
		return f.Sheet(d, l, s), nil
	}
	f.Page = &intakepage.Page{Address: "/pumps/import", Template: "/pumps/template", Query: "village",
		Trail: func(*web.Request, intakepage.Subject) []web.Crumb { return nil },
		Pick:  func(_ *web.Request, refused error) (web.Answer, error) { return nil, refused }}
	if w.kept {
		f.Keep = &intakepage.Keeping{Event: "pumps.sent",
			Subject: func(in intake.Intake) string { return "pumpfile/" + strconv.FormatInt(in.ID, 10) },
			Body:    func(in intake.Intake) any { return map[string]string{"file": in.File} }}
	}
	if w.once {
		f.Job = ""
	}
	return f
}

func (w *world) apply(tx *store.Tx, in intake.Intake, row intake.Row) error {
	id, err := tx.NextID(in.Home, "pump")
	if err != nil {
		return err
	}
	return pumps.Insert(tx, &pump{Home: in.Home, ID: id, Place: in.Place, Name: row.Record.Text("name")})
}

// each runs fn on both engines.
func each(t *testing.T, set world, fn func(w *world)) {
	t.Helper()
	shape := set
	storetest.Each(t, hosttest.Parts(shape.build), func(t *testing.T, s *store.Store) {
		w := set
		w.Site = hosttest.Open(t, s, w.build)
		for name, id := range villages {
			w.Place[name] = id
		}
		ids, err := w.Host.Identity.Load(w.Ctx,
			[]identity.Loaded{{Entry: identity.Entry{Login: "accountant",
				Name: "张三", Phone: "13812345678"}, Password: "Rain on 7 terraces",
				Posts: []identity.Proposal{{Role: "village_accountant", Place: 1, Since: "2026-01-01"}}}})
		w.Must(err)
		w.Accounts = map[string]int64{"village_accountant": ids[0]}
		if w.kept {
			w.Host.Files.Own("pumpfile", func(context.Context, access.Actor,
				files.File) error {
				return nil
			})
		}
		w.Serve()
		fn(&w)
		w.Verify()
	})
}

func (w *world) names() string {
	w.T.Helper()
	list, err := store.Read(w.Ctx, w.Host.Store, func(v *store.View) ([]pump, error) {
		return pumps.All(v, "ORDER BY id")
	})
	w.Must(err)
	var all []string
	for _, p := range list {
		all = append(all, fmt.Sprint(p.Place, " ", p.Name))
	}
	return strings.Join(all, ", ")
}

// send sends a file as the accountant and gives the address of its page.
func (w *world) send(rows string) string {
	w.T.Helper()
	return w.Upload(own, "/pumps/import", "pumps.csv", []byte("名称,金额\n"+rows), "village", "天台村").
		Is(http.StatusSeeOther).Header.Get("Location")
}

// TestFromTheTemplateToTheProgress: choose, look, order, watch; nothing changes before the job has run, and
// it acts in the name of whoever ordered it.
func TestFromTheTemplateToTheProgress(t *testing.T) {
	each(t, world{}, func(w *world) {
		w.See(own, "/pumps/import?village=天台村").Is(200, "Pumps of 天台村", "one pump a row",
			"/pumps/template?village=", `name="village" value="天台村"`, "!Files sent before")
		w.See(other, "/pumps/import?village=天台村").Is(404)
		w.See(own, "/pumps/template?village=天台村&format=csv").Is(200, "Name *")
		if book := w.See(own,
			"/pumps/template?village=天台村").Is(200); book.Header.Get("Content-Type") != files.XLSX {
			t.Errorf("the template is %s", book.Header.Get("Content-Type"))
		}
		at := w.send("甲,5\n乙,6\n")
		w.See(own, at).Is(200, "天台村", "Enter the pumps", `value="apply"`, `value="cancel"`, "All pumps",
			"2 rows", "!http-equiv")
		w.See(other, at).Is(404)
		w.See(own, "/pumps/import?village=天台村").Is(200, "Files sent before", at)
		w.See(own, w.send("甲,5\n乙,6\n")).Is(200, "This very file was sent before", "2 rows")
		w.See(own, w.send("甲,5\n乙,7\n")).Is(200, "!was sent before")
		p := w.Post(own, at, "act", "apply").Is(http.StatusSeeOther)
		if w.names() != "" {
			t.Fatalf("ordering entered %s", w.names())
		}
		w.See(own, p.Header.Get("Location")).Is(200, "It is being taken over", `http-equiv="refresh"`)
		w.Must(w.Host.Jobs.Drain(w.Ctx))
		w.See(own, at).Is(200, "2 applied", "!value=\"apply\"", "!http-equiv")
		if got := w.names(); got != "1 甲, 1 乙" {
			t.Errorf("entered %s", got)
		}
		w.Post(own, at, "act", "apply").Is(http.StatusSeeOther) // done: nothing more is ordered
		w.Must(w.Host.Jobs.Drain(w.Ctx))
		if got := w.names(); got != "1 甲, 1 乙" {
			t.Errorf("entered again: %s", got)
		}
		if again := w.send("甲,5\n乙,6\n"); again != at+"?done=intake.again" {
			t.Errorf("the same file is at %s and %s", at, again)
		}
	})
}

// TestNothingIsOrderedThatCannotTakeEffect: errors, warnings without an explanation, a file that was let go.
func TestNothingIsOrderedThatCannotTakeEffect(t *testing.T) {
	each(t, world{}, func(w *world) {
		at := w.send("甲,x\n甲,6\n")
		w.See(own, at).Is(200, "row 2, column “B”", "a name stands twice", "!value=\"apply\"")
		w.See(own, at+"?severity=warning").Is(200, "!row 2, column “B”")
		w.See(own, at+"?format=csv").Is(200, "row 2, column “B”")
		w.See(own, at+"?format=xlsx").Is(200)
		w.See(own, at+"?format=marked").Is(415) // the files are not kept
		w.Post(own, at, "act", "apply", "explanation", "x").Is(422)
		w.Post(own, at, "act", "check").Is(http.StatusSeeOther)
		w.Post(own, at, "act", "dance").Is(422)
		w.Post(other, at, "act", "cancel").Is(404)
		w.Post(own, at, "act", "cancel").Is(http.StatusSeeOther)
		w.See(own, at).Is(200, "The import was cancelled", "!value=\"cancel\"")
		w.Post(own, at, "act", "apply").Is(409)
		doubtful := w.send("甲,200000\n")
		w.See(own, doubtful).Is(200, `name="explanation"`)
		w.Post(own, doubtful, "act", "apply", "explanation", "  ").Is(422)
		w.Post(own, doubtful, "act", "apply", "explanation", "新泵").Is(http.StatusSeeOther)
		w.Must(w.Host.Jobs.Drain(w.Ctx))
		w.See(own, doubtful).Is(200, "新泵", "1 applied")
		w.Upload(own, "/pumps/import", "x.csv", []byte("\x00\x01"), "village", "天台村").Is(422)
		w.Post(own, "/pumps/import", "village", "天台村").Is(422, "No file was chosen")
		w.See(own, "/pump-imports/500102/99").Is(404)
	})
}

// TestKeptFilesAreMarked: the file is kept once, with an event, and given back with the findings in its
// cells; where there is no job it takes effect at once.
func TestKeptFilesAreMarked(t *testing.T) {
	each(t, world{kept: true, once: true}, func(w *world) {
		at := w.send("甲,x\n乙,6\n")
		w.send("甲,x\n乙,6\n")
		n, err := store.Read(w.Ctx, w.Host.Store, func(v *store.View) (int64, error) {
			return store.Count(v, "SELECT count(*) FROM event WHERE kind = 'pumps.sent'")
		})
		w.Must(err)
		if n != 1 {
			t.Errorf("the file was kept %d times", n)
		}
		w.See(own, at).Is(200, "format=marked")
		marked, err := excelize.OpenReader(strings.NewReader(w.See(own, at+"?format=marked").Is(200).Body))
		w.Must(err)
		notes, err := marked.GetComments(marked.GetSheetName(0))
		if err != nil || len(notes) != 1 || notes[0].Cell != "B2" {
			t.Errorf("marked: %v, %v", notes, err)
		}
		p := w.Post(own, w.send("丙,7\n"), "act", "apply").Is(http.StatusSeeOther)
		w.See(own, p.Header.Get("Location")).Is(200, "The file has been taken over")
		if w.names() == "" {
			t.Error("nothing was entered")
		}
	})
}

// TestProgramsSendFiles: the same steps as operations.
func TestProgramsSendFiles(t *testing.T) {
	each(t, world{}, func(w *world) {
		body := func(rows string) string {
			return `{"name":"a.csv","file":"` + base64.StdEncoding.EncodeToString([]byte("名称,金额\n"+rows)) +
				`"}`
		}
		const from = "/villages/500102/1/pump-imports"
		p, sent := w.Call(own, http.MethodPost, from, body("甲,x\n"))
		p.Is(http.StatusCreated)
		list := sent["findings"].([]any)
		if sent["state"] != "checked" || sent["errors"] != 1.0 || len(list) != 1 ||
			list[0].(map[string]any)["column"] != "B" || list[0].(map[string]any)["row"] != 2.0 {
			t.Fatalf("sent: %v", sent)
		}
		at := fmt.Sprintf("/pump-imports/%d/%.0f", home, sent["id"])
		p, _ = w.Call(own, http.MethodPost, at+"/apply", `{}`)
		p.Is(422)
		p, _ = w.Call(other, http.MethodGet, at, "")
		p.Is(404)
		p, sent = w.Call(own, http.MethodPost, at+"/cancel", "")
		if p.Is(200); sent["state"] != "cancelled" {
			t.Errorf("cancelled: %v", sent)
		}
		p, sent = w.Call(own, http.MethodPost, from, body("乙,5\n"))
		p.Is(http.StatusCreated)
		at = fmt.Sprintf("/pump-imports/%d/%.0f", home, sent["id"])
		if _, again := w.Call(own, http.MethodPost, from, body("乙,5\n")); sent["again"] != nil ||
			again["again"] != true || again["id"] != sent["id"] {
			t.Errorf("sent %v, and again %v", sent, again)
		}
		p, sent = w.Call(own, http.MethodPost, at+"/apply", `{}`)
		if p.Is(200); sent["state"] != "done" || sent["applied"] != 1.0 || w.names() == "" {
			t.Errorf("applied: %v", sent)
		}
		p, _ = w.Call(other, http.MethodPost, from, body("丙,5\n"))
		p.Is(404)
	})
}

// run runs a command and gives what it said.
func (w *world) run(n int, args ...string) (string, error) {
	w.T.Helper()
	var said bytes.Buffer
	w.Host.Console = &cli.Console{Dictionary: w.Host.Dictionary, Language: locale.English,
		In: strings.NewReader(""), Out: &said, Err: &said}
	cmd := w.Modules[0].Commands()[n]
	cmd.SetArgs(args)
	cmd.SetOut(&said)
	cmd.SetErr(&said)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	err := cmd.ExecuteContext(w.T.Context())
	return said.String(), err
}

// TestCommandsOfFiles: everything wrong is said; --check changes nothing; a file is never written over.
func TestCommandsOfFiles(t *testing.T) {
	each(t, world{}, func(w *world) {
		dir := t.TempDir()
		file := func(rows string) string {
			name := filepath.Join(dir, "pumps.csv")
			w.Must(os.WriteFile(name, []byte("名称,金额\n"+rows), 0o600))
			return name
		}
		said, err := w.run(0, file("甲,x\n"), "--village", "天台村")
		if w.Refused(err, "intake.errors"); !strings.Contains(said, "row 2, column “B”") ||
			!strings.Contains(said, "1 row read, 1 errors") {
			t.Errorf("said %s", said)
		}
		_, err = w.run(0, file("乙,5\n"), "--village", "天台村", "--check")
		if w.Must(err); w.names() != "" {
			t.Errorf("checking entered %s", w.names())
		}
		for range 2 {
			said, err = w.run(0, file("乙,5\n"), "--village", "天台村")
			if w.Must(err); !strings.Contains(said, "1 row entered") || w.names() == "" ||
				!strings.Contains(said, "This very file was sent on") {
				t.Errorf("said %s, entered %s", said, w.names())
			}
		}
		_, err = w.run(0, filepath.Join(dir, "none.csv"), "--village", "天台村")
		w.Refused(err, "intake.file_unreadable")
		_, err = w.run(0, file("乙,5\n"), "--village", "无名村")
		w.Refused(err, "web.no_page")
		for _, ending := range []string{".xlsx", ".csv"} {
			_, err = w.run(1, filepath.Join(dir, "template"+ending), "--village", "天台村")
			w.Must(err)
			_, err = w.run(1, filepath.Join(dir, "template"+ending), "--village", "天台村")
			w.Refused(err, "intake.file_there")
		}
		text, err := os.ReadFile(filepath.Join(dir, "template.csv"))
		if w.Must(err); !bytes.Contains(text, []byte("Name")) {
			t.Errorf("the template is %s", text)
		}
	})
}
