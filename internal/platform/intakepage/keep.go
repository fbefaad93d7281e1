package intakepage

import (
	"bytes"
	"context"
	"io"
	"slices"

	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Keeping says how the files themselves are kept. What they are kept under the module owns (files.Own).
type Keeping struct {
	Subject func(in intake.Intake) string // they are kept under
	Event   string                        // kind of the event that one was sent
	Body    func(in intake.Intake) any    // of the event
}

// purpose is what the files are kept as.
const purpose = "sheet"

// keep keeps a file once.
func (f *Files) keep(ctx context.Context, in intake.Intake, s Sending) error {
	known, err := store.Read(ctx, f.Host.Store, func(v *store.View) (bool, error) {
		_, found, err := f.kept(v, in)
		return found, err
	})
	if err != nil || known {
		return err
	}
	blob, err := f.Host.Files.Put(ctx, s.Upload.Name, io.NewSectionReader(s.Upload.Content, 0,
		s.Upload.Size))
	if err != nil {
		return err
	}
	return f.Host.Store.Write(ctx, func(tx *store.Tx) error {
		if _, found, err := f.kept(tx, in); err != nil || found {
			return err
		}
		_, err := f.Host.Files.Attach(tx, blob, files.Belongs{Home: in.Home, Subject: f.Keep.Subject(in),
			Place: in.Place, Purpose: purpose, Actor: s.Actor.Account})
		if err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: in.Home, Kind: f.Keep.Event, Subject: in.Subject,
			Place: in.Place, Actor: s.Actor.Account, Body: f.Keep.Body(in)})
		return err
	})
}

// kept finds the file of an intake by its content.
func (f *Files) kept(r store.Reader, in intake.Intake) (files.File, bool, error) {
	all, err := files.Of(r, in.Home, f.Keep.Subject(in))
	at := slices.IndexFunc(all, func(one files.File) bool { return one.Hash == in.File })
	if err != nil || at < 0 {
		return files.File{}, false, err
	}
	return all[at], true, nil
}

// Content reads the kept file of an intake.
func (f *Files) Content(r store.Reader, in intake.Intake) (sheet.Upload, error) {
	one, found, err := f.kept(r, in)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "files.absent")
	}
	if err != nil {
		return sheet.Upload{}, err
	}
	body, err := f.Host.Files.Open(one)
	if err != nil {
		return sheet.Upload{}, err
	}
	defer body.Close()
	content, err := io.ReadAll(io.LimitReader(body, SizeMax+1))
	return sheet.Upload{Name: in.Name, Content: bytes.NewReader(content), Size: int64(len(content))}, err
}

// mark writes a copy of the kept file with what was found in its cells.
func (f *Files) mark(r *web.Request, in intake.Intake, w io.Writer) error {
	upload, err := store.Read(r.Context(), f.Host.Store, func(v *store.View) (sheet.Upload, error) {
		return f.Content(v, in)
	})
	if err != nil {
		return err
	}
	marking := sheet.Marking{Dictionary: f.Host.Dictionary, Language: r.Language}
	for found, err := range f.Host.Intake.All(r.Context(), r.Actor, in, intake.Filter{}) {
		if err != nil {
			return err
		}
		marking.Findings = append(marking.Findings, found)
	}
	return marking.Write(w, upload)
}
