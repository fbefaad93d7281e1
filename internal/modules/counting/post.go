package counting

import (
	"context"
	"fmt"
	"mime/multipart"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// context is what reading a sheet depends on.
func (g *Counting) context(on period.Date) form.Context {
	return form.Context{On: on, Parameters: g.host.Packs.On(on)}
}

// mendable are the refusals that whoever counted can do something about; they are shown on the page.
var mendable = []fault.Code{fault.Invalid, fault.Stale, fault.TooLarge, fault.Unsupported}

// countPosted takes what was found of a row, with a photo if one was sent.
func (g *Counting) countPosted(r *web.Request) (web.Answer, error) {
	photo, header, err := r.Upload("photo")
	if err != nil {
		return nil, err
	}
	s, err := g.read(r)
	if err == nil {
		err = r.Require(inventory.MayCount, s.check.Place) // before a photo is kept
	}
	if err != nil {
		return nil, err
	}
	record, found := g.posted(r, s)
	e, ok, err := g.readEntry(r, s, record, &found)
	if err != nil {
		return nil, err
	}
	if ok {
		if err = g.keepPhoto(r.Context(), photo, header, &e); err == nil {
			_, err = g.inventory.Count(r.Context(), r.Actor, s.check.Ref(), s.row.Number, e)
		}
	}
	if ok && err == nil {
		return counted(r, s), nil
	}
	if err != nil {
		f := fault.Of(err)
		if !slices.Contains(mendable, f.Code) {
			return nil, err
		}
		found = append(found, beside(r, f))
		if s, err = g.read(r); err != nil { // as it is now, if somebody was faster
			return nil, err
		}
	}
	return g.show(r, s, record, found, 422), nil
}

// counted leads on: on the phone to the next row, else to the row as it is now.
func counted(r *web.Request, s sheetRow) web.Answer {
	if s.phone {
		return web.Redirect(s.check.Address() + "/count?after=" + strconv.FormatInt(s.row.Number, 10))
	}
	return web.Redirect(rowAddress(s.check.Ref(), s.row.Number) + "?" + web.DoneField + "=counting.counted")
}

func rowAddress(ref inventory.Ref, number int64) string {
	return fmt.Sprintf("%s/rows/%d", ref.Address(), number)
}

// readEntry makes an entry of what was posted. ok is false if the page has to be shown again: with
// errors, or with warnings that nobody has seen.
func (g *Counting) readEntry(r *web.Request, s sheetRow, record form.Record,
	found *[]form.Finding) (e inventory.Entry,
	ok bool, err error) {
	version, err := r.Number("version")
	if err != nil {
		return e, false, err
	}
	e, err = g.entryOf(record, s.row, s.form)
	if err != nil {
		f := fault.Of(err)
		if f.Code != fault.Invalid {
			return e, false, err
		}
		*found = append(*found, beside(r, f))
	}
	e.Version = version
	if s.row.Number != 0 && version == 0 {
		return e, false, fault.New(fault.Stale, "store.stale")
	}
	plain := form.Plainly(*found)
	return e, !fault.Stops(plain) && (len(plain) == 0 || r.Field(confirmField) == "1"), nil
}

// beside is a refusal as a finding that stands beside its field.
func beside(r *web.Request, f *fault.Fault) form.Finding {
	return form.Finding{Finding: fault.Finding{Severity: fault.Error, Key: "counting.refused",
		Args: []any{r.Explain(f)}}, Fields: []string{fieldOf(f)}, Record: -1}
}

// keepPhoto stores a photo that is to be the row's evidence. Where the counter gave no position, that of
// the photo is taken.
func (g *Counting) keepPhoto(ctx context.Context, photo multipart.File, header *multipart.FileHeader,
	e *inventory.Entry) error {
	if photo == nil {
		return nil
	}
	defer photo.Close()
	blob, err := g.host.Files.Put(ctx, header.Filename, photo)
	if err != nil {
		return err
	}
	if !files.IsPicture(blob.Kind) {
		return fault.New(fault.Unsupported, "counting.photo_kind")
	}
	if e.Latitude == 0 && e.Longitude == 0 && blob.Position.Known {
		e.Latitude, e.Longitude = blob.Position.Latitude, blob.Position.Longitude
	}
	e.Photo = &blob
	return nil
}

// nextPage is the phone's way through a check.
func (g *Counting) nextPage(r *web.Request) (web.Answer, error) {
	after, err := r.Number("after")
	if err != nil {
		return nil, err
	}
	finished := false
	s, err := store.Read(r.Context(), g.host.Store, func(v *store.View) (s sheetRow, err error) {
		s.phone = true
		if s.check, err = g.inventory.Readable(v, r); err != nil {
			return s, err
		}
		if s.check.Stage != inventory.Counting {
			return s, fault.New(fault.Conflict, "inventory.not_counting")
		}
		var found bool
		s.row, found, err = next(v, s.check.Ref(), g.asked(s.check), after)
		if finished = !found; finished || err != nil {
			return s, err
		}
		s.form, err = g.formOf(s.row)
		return s, err
	})
	if err != nil {
		return nil, err
	}
	if finished {
		return web.Redirect(s.check.Address() + "?" + web.DoneField + "=counting.all"), nil
	}
	return g.show(r, s, g.record(r, s), nil, 0), nil
}

// asked are the forms that ask for photo and position. What was carried forward unchanged needs none.
func (g *Counting) asked(c inventory.Check) []string {
	var keys []string
	for _, f := range g.inventory.Forms().All {
		if f.Evidence && !c.Carried {
			keys = append(keys, f.Key)
		}
	}
	return keys
}
