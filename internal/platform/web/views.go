package web

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/locale"
)

//go:embed views/*.html
var ownViews embed.FS

// views are the templates of all modules, parsed once for each language. The template of a page is
// the file NAME.html of its module with a "content" block; files that begin with _ are blocks that
// every page of the module may use.
type views struct {
	server  *Server
	sources map[string]fs.FS
	pages   map[locale.Language]map[string]*template.Template
}

func newViews(s *Server) *views {
	own, err := fs.Sub(ownViews, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return &views{server: s, sources: map[string]fs.FS{"web": own}}
}

func (v *views) add(module string, source fs.FS) { v.sources[module] = source }

// parse reads everything; it fails on the first broken template.
func (v *views) parse() error {
	v.pages = map[locale.Language]map[string]*template.Template{}
	for _, language := range locale.Languages {
		v.pages[language] = map[string]*template.Template{}
		base, err := template.New("").Funcs(v.funcs(language)).ParseFS(v.sources["web"], "_*.html")
		if err != nil {
			return err
		}
		for module, source := range v.sources {
			if err := v.parseModule(base, language, module, source); err != nil {
				return fmt.Errorf("web: views of %s: %w", module, err)
			}
		}
	}
	return nil
}

func (v *views) parseModule(base *template.Template, l locale.Language, module string, source fs.FS) error {
	files, err := fs.Glob(source, "*.html")
	if err != nil {
		return err
	}
	shared, err := base.Clone()
	if err != nil {
		return err
	}
	for _, f := range files {
		if strings.HasPrefix(f, "_") && module != "web" {
			if shared, err = shared.ParseFS(source, f); err != nil {
				return err
			}
		}
	}
	for _, f := range files {
		if strings.HasPrefix(f, "_") {
			continue
		}
		page, err := shared.Clone()
		if err == nil {
			page, err = page.ParseFS(source, f)
		}
		if err != nil {
			return err
		}
		if page.Lookup("content") == nil {
			return errors.New(f + " has no content block")
		}
		v.pages[l][module+"/"+strings.TrimSuffix(path.Base(f), ".html")] = page
	}
	return nil
}

// frame is what a template sees: the page, and what stands around it.
type frame struct {
	Page
	Language locale.Language
	Tag      string
	Elder    bool
	SignedIn bool
	Name     string
	Site     string
	Menu     []menuItem
	Bell     int
	Path     string
	Today    string
	Notice   string // what just happened, from the address
}

type menuItem struct {
	Text, Href string
	Current    bool
}

func (v *views) render(w io.Writer, r *Request, name string, page Page) error {
	t, ok := v.pages[r.Language][name]
	if !ok {
		return fmt.Errorf("web: there is no view %q", name)
	}
	f := frame{Page: page, Language: r.Language, Tag: r.Language.Tag(), Elder: r.Elder,
		SignedIn: r.Actor.SignedIn(), Name: r.Actor.Name, Site: v.server.Title,
		Path: r.URL.RequestURI(), Today: string(r.Today())}
	if page.Bare {
		return t.ExecuteTemplate(w, "content", f)
	}
	f.Menu = v.server.menuFor(r)
	f.Notice = v.server.notice(r)
	if v.server.bell != nil && f.SignedIn {
		n, err := v.server.bell(r.Context(), r.Actor)
		if err != nil {
			return err
		}
		f.Bell = n
	}
	return t.ExecuteTemplate(w, "layout", f)
}

// DoneField is the field of an address that names what just happened: ?done=assets.saved shows the
// dictionary entry done.assets.saved on top of the page.
const DoneField = "done"

func (s *Server) notice(r *Request) string {
	key := "done." + r.URL.Query().Get(DoneField)
	if !s.Dictionary.Has(key) {
		return ""
	}
	return s.Dictionary.Text(r.Language, key)
}

func (s *Server) menuFor(r *Request) []menuItem {
	var items []menuItem
	for _, e := range s.menu {
		if !r.Actor.SignedIn() || e.Permit != "" && !s.Access.CanSomewhere(r.Actor, e.Permit) {
			continue
		}
		items = append(items, menuItem{s.Dictionary.Text(r.Language, e.Key), e.Href,
			r.URL.Path == e.Href || e.Href != "/" && strings.HasPrefix(r.URL.Path, e.Href+"/")})
	}
	return items
}

// Cards renders the cards that modules contribute to a kind of page.
func (r *Request) Cards(on string, subject CardSubject) ([]template.HTML, error) {
	var out []template.HTML
	for _, c := range r.server.cards {
		if c.On != on || c.Permit != "" && !r.Can(c.Permit, subject.Place) {
			continue
		}
		data, err := c.Render(r, subject)
		if err != nil {
			return nil, err
		}
		if data == nil {
			continue
		}
		html, err := r.Piece(c.View, data)
		if err != nil {
			return nil, err
		}
		out = append(out, html)
	}
	return out, nil
}

// Piece renders a view without its frame, to be put into another page.
func (r *Request) Piece(view string, data any) (template.HTML, error) {
	var b strings.Builder
	err := r.server.views.render(&b, r, view, Page{Data: data, Bare: true})
	return template.HTML(b.String()), err //nolint:gosec // made by html/template
}
