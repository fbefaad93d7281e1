package files

import (
	"strings"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Routes serve files. The first two are for those whom the subject's owner lets; the third is public,
// and shows only stripped copies of pictures that were published.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /files/{home}/{id}", Access: web.SignedIn(), Handle: s.original},
		{Pattern: "GET /files/{home}/{id}/thumbnail", Access: web.SignedIn(), Handle: s.thumbnail},
		{Pattern: "GET /files/{home}/{id}/published", Access: web.Public(), Handle: s.published},
	}
}

// asked reads the numbers in the address.
func asked(r *web.Request) (home, id int64, err error) {
	if home, err = r.ID("home"); err == nil {
		id, err = r.ID("id")
	}
	return home, id, err
}

func (s *Service) original(r *web.Request) (web.Answer, error) {
	home, id, err := asked(r)
	if err != nil {
		return nil, err
	}
	f, err := s.See(r.Context(), home, id)
	if err != nil {
		return nil, err
	}
	body, err := s.Open(f)
	if err != nil {
		return nil, err
	}
	if IsPicture(f.Kind) {
		return web.Inline(f.Name, f.Kind, body), nil
	}
	return web.File(f.Name, f.Kind, body), nil // never shown in place: a document may hold active content
}

func (s *Service) thumbnail(r *web.Request) (web.Answer, error) {
	home, id, err := asked(r)
	if err != nil {
		return nil, err
	}
	f, err := s.See(r.Context(), home, id)
	if err != nil {
		return nil, err
	}
	return s.derivedAnswer(r, f, Thumbnail)
}

func (s *Service) published(r *web.Request) (web.Answer, error) {
	home, id, err := asked(r)
	if err != nil {
		return nil, err
	}
	f, err := store.Read(r.Context(), s.Store, func(v *store.View) (File, error) {
		return Get(v, home,
			id)
	})
	if err != nil {
		return nil, err
	}
	if !f.Published {
		return nil, fault.New(fault.NotFound, "files.absent")
	}
	return s.derivedAnswer(r, f, Published)
}

func (s *Service) derivedAnswer(r *web.Request, f File, d Derived) (web.Answer, error) {
	body, err := s.OpenDerived(r.Context(), f, d)
	if err != nil {
		return nil, err
	}
	name := strings.TrimSuffix(f.Name, endings[f.Kind]) + endings[JPEG]
	if d.folder == Published.folder {
		name = "picture" + endings[JPEG] // the name given by whoever put it there is not for the public
	}
	return web.Inline(name, JPEG, body), nil
}
