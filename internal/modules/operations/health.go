package operations

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/terrace-project/terrace/internal/platform/archive"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
)

// healthView is the state of the installation.
type healthView struct {
	Items   []healthItem
	Backups []archive.Backup
	Old     bool // the newest backup is older than it should be
}

// healthItem is one thing that is well or not.
type healthItem struct {
	Name, Text, Mark string
}

// backupAge is how old the newest backup may be before the page warns: daily backups and a day's grace.
const backupAge = 48 * time.Hour

// behindAge is how far the log may be behind before the page warns.
const behindAge = 30 * time.Second

// backupsShown is how many backups are listed.
const backupsShown = 10

func (o *Operations) health(r *web.Request) (web.Answer, error) {
	newest, err := store.Read(r.Context(), o.host.Store, func(v *store.View) ([]archive.Backup, error) {
		return archive.Newest(v, backupsShown)
	})
	if err != nil {
		return nil, err
	}
	v := healthView{Backups: newest, Old: len(newest) == 0 || r.Now > newest[0].At.Add(backupAge)}
	v.Items = append(v.Items, o.database(r), o.log(r))
	v.Items = append(v.Items, o.jobCounts(r)...)
	v.Items = append(v.Items, o.lastBackup(r, newest), o.keptFiles(r))
	return web.View("operations/health", web.Page{Title: r.T("operations.title"), Data: v}), nil
}

// item is a thing that is well, or that could not be looked at.
func item(r *web.Request, key, text string, err error) healthItem {
	if err != nil {
		slog.Error("operations: a figure cannot be read", "item", key, "cause", err)
		return healthItem{r.T(key), r.T("operations.unreadable"), "overdue"}
	}
	return healthItem{r.T(key), text, "done"}
}

func (o *Operations) database(r *web.Request) healthItem {
	s := o.host.Store.Stats()
	text := r.T("operations.database.text", o.host.Store.Engine(), locale.Count(s.Writes),
		locale.Count(s.Transactions), locale.Count(s.Retries))
	return item(r, "operations.database", text, o.host.Store.Ping(r.Context()))
}

func (o *Operations) log(r *web.Request) healthItem {
	b, err := o.host.Log.Backlog(r.Context())
	behind := b.Behind(r.Now)
	text := r.T("operations.log.text", locale.Count(b.Events))
	if behind >= time.Second {
		text = r.T("operations.log.behind", locale.Count(b.Events), duration(r, behind))
	}
	i := item(r, "operations.log", text, err)
	if err == nil && behind > behindAge {
		i.Mark = "overdue"
	}
	return i
}

// jobCounts is one line of all states, and one that warns of those that failed.
func (o *Operations) jobCounts(r *web.Request) []healthItem {
	counts, err := o.host.Jobs.Count(r.Context())
	var parts []string
	for _, s := range jobs.States {
		parts = append(parts, fmt.Sprintf("%s %s", r.T("job.state."+string(s)), locale.Count(counts[s])))
	}
	i := item(r, "operations.jobs.title", strings.Join(parts, " · "), err)
	if err == nil && counts[jobs.Failed] > 0 {
		i.Mark = "due"
	}
	return []healthItem{i}
}

func (o *Operations) lastBackup(r *web.Request, newest []archive.Backup) healthItem {
	if len(newest) == 0 {
		return healthItem{r.T("operations.backup"), r.T("operations.backup.none"), "overdue"}
	}
	i := healthItem{r.T("operations.backup"), newest[0].At.String(), "done"}
	if r.Now > newest[0].At.Add(backupAge) {
		i.Mark = "overdue"
	}
	return i
}

func (o *Operations) keptFiles(r *web.Request) healthItem {
	n, err := store.Read(r.Context(), o.host.Store, func(v *store.View) (int64, error) {
		return store.Count(v, `SELECT count(*) FROM file`)
	})
	return item(r, "operations.files", r.T("operations.files.text", locale.Count(n)), err)
}

// parameterRow is a parameter as it holds today.
type parameterRow struct {
	pack.Value
	Title string
	Set   bool
}

// pack lists the parameters in force today, with their basis and mark.
func (o *Operations) pack(r *web.Request) (web.Answer, error) {
	list := web.List[parameterRow]{Name: "operations.pack", Sorts: nil,
		Title: r.T("operations.pack.of", o.host.Packs.Chain()[0].Title.In(r.Language)),
		Trail: []web.Crumb{{Text: r.T("operations.title"), Href: "/operations"},
			{Text: r.T("operations.pack.title")}},
		Filters: []web.Filter{{Key: "text", Kind: web.TextFilter}, {Key: "mark", Kind: web.Choice,
			Options: o.markOptions(r)}},
		Columns: []web.Column[parameterRow]{
			{Key: "title", Cell: func(p parameterRow) web.Cell { return web.Cell{Text: p.Title} }},
			{Key: "value", Number: true,
				Cell: func(p parameterRow) web.Cell { return web.Cell{Text: shown(r, p)} }},
			{Key: "mark", Cell: func(p parameterRow) web.Cell { return web.Cell{Text: markText(r, p)} }},
			{Key: "from", Cell: func(p parameterRow) web.Cell { return web.Cell{Text: string(p.From)} }},
			{Key: "basis", Cell: func(p parameterRow) web.Cell { return web.Cell{Text: p.Basis} }},
			{Key: "pack", Cell: func(p parameterRow) web.Cell { return web.Cell{Text: p.Pack} }},
			{Key: "key", Hidden: true,
				Cell: func(p parameterRow) web.Cell { return web.Cell{Text: p.Key} }},
		},
		Load: func(_ context.Context, q web.Query) (web.Rows[parameterRow], error) {
			rows := o.parameters(r, q)
			return web.Rows[parameterRow]{Items: rows, Total: web.Total{N: int64(len(rows))}}, nil
		}}
	return list.Answer(r)
}

func (o *Operations) markOptions(r *web.Request) []web.Option {
	var all []web.Option
	for _, m := range []pack.Mark{pack.Verified, pack.Unverified, pack.Config} {
		all = append(all, web.Option{Value: string(m), Text: r.T("mark." + string(m))})
	}
	return all
}

// parameters are those the filters let through; a pack has some hundred, which need no pages.
func (o *Operations) parameters(r *web.Request, q web.Query) []parameterRow {
	var rows []parameterRow
	for _, p := range o.host.Packs.Parameters() {
		row := parameterRow{Title: p.Title.In(r.Language), Value: pack.Value{Key: p.Key, Kind: p.Kind}}
		if v, err := o.host.Packs.Value(p.Key, r.Today(), o.host.Packs.City()); err == nil {
			row.Value, row.Set = v, true
		}
		text := strings.ToLower(q.Filter["text"])
		if mark := q.Filter["mark"]; mark != "" && string(row.Mark) != mark ||
			!strings.Contains(strings.ToLower(row.Title+" "+row.Key), text) {
			continue
		}
		rows = append(rows, row)
	}
	return rows
}

func shown(r *web.Request, p parameterRow) string {
	if !p.Set {
		return "–"
	}
	return strings.TrimSpace(string(p.Value.Value) + " " + p.Unit.In(r.Language))
}

func markText(r *web.Request, p parameterRow) string {
	if !p.Set {
		return ""
	}
	return r.T("mark." + string(p.Mark))
}
