package supervision

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// evidenceMax is how many files a finding may have.
const evidenceMax = 30

// evidenceKinds are what shows that something was put right: photos and scans.
var evidenceKinds = []string{files.JPEG, files.PNG, files.PDF}

// purposeOf tells the files of one opening of a finding from those of another.
func purposeOf(f Finding) string { return "evidence" + strconv.FormatInt(f.Times, 10) }

// Attach puts a photo or scan on a finding that is being answered (permit supervision.answer). It is known by
// its content: the same file again changes nothing. What is refused leaves nothing behind.
func (m *Supervision) Attach(ctx context.Context, actor access.Actor, ref Ref, name string,
	content io.ReadSeeker) (files.File, error) {
	var kept files.File
	if _, err := store.Read(ctx, m.host.Store, func(v *store.View) (Finding, error) {
		return m.answerable(v, actor, ref)
	}); err != nil {
		return kept, err
	}
	head := make([]byte, 512)
	n, err := io.ReadFull(content, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) || !slices.Contains(evidenceKinds,
		http.DetectContentType(head[:n])) {
		return kept, fault.New(fault.Invalid, "supervision.evidence_kind")
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return kept, err
	}
	blob, err := m.host.Files.Put(ctx, name, content)
	if err != nil {
		return kept, err
	}
	return m.keepEvidence(ctx, actor, ref, blob)
}

// keepEvidence makes bytes that were put evidence of a finding.
func (m *Supervision) keepEvidence(ctx context.Context, actor access.Actor, ref Ref,
	blob files.Blob) (kept files.File, err error) {
	err = m.host.Store.Write(ctx, func(tx *store.Tx) error {
		f, err := m.answerable(tx, actor, ref)
		if err != nil {
			return err
		}
		all, err := files.Of(tx, f.Home, subjectOf(f.ID))
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(all, func(one files.File) bool {
			return one.Hash == blob.Hash && one.Purpose == purposeOf(f)
		}); i >= 0 {
			kept = all[i]
			return nil
		}
		if len(all) >= evidenceMax {
			return fault.New(fault.Limited, "supervision.evidence_max", evidenceMax)
		}
		kept, err = m.host.Files.Attach(tx, blob, files.Belongs{Home: f.Home, Subject: subjectOf(f.ID),
			Place: f.Place, Purpose: purposeOf(f), Actor: actor.Account})
		if err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: f.Home, Kind: "finding.evidence", Subject: subjectOf(f.ID),
			Place: f.Place, Actor: actor.Account, Body: evidenceBody{kept.ID, kept.Hash}})
		return err
	})
	return kept, err
}

type evidenceBody struct {
	File int64  `json:"file"`
	Hash string `json:"hash"` // SHA-256
}

// answerable reads a finding that waits for the answer of whoever asks.
func (m *Supervision) answerable(r store.Reader, actor access.Actor, ref Ref) (Finding, error) {
	f, err := m.seen(r, actor, ref)
	if err != nil {
		return f, err
	}
	if err := m.host.Access.Require(actor, MayAnswer, f.Place); err != nil {
		return f, err
	}
	file, err := m.host.Procedures.Load(r, procedure.Ref{Home: f.Home, ID: f.Case})
	if err == nil && (f.State != Open || file.Step != answering) {
		err = fault.New(fault.Conflict, "supervision.not_answering")
	}
	return f, err
}

// Evidence lists the files of a finding, for whoever may see it.
func (m *Supervision) Evidence(r store.Reader, actor access.Actor, ref Ref) ([]files.File, error) {
	f, err := m.seen(r, actor, ref)
	if err != nil {
		return nil, err
	}
	return files.Of(r, f.Home, subjectOf(f.ID))
}

// proven reports whether a finding has a file of this opening.
func proven(r store.Reader, f Finding) (bool, error) {
	all, err := files.Of(r, f.Home, subjectOf(f.ID))
	return slices.ContainsFunc(all, func(one files.File) bool { return one.Purpose == purposeOf(f) }), err
}

// mayFile judges who may see a file on a finding: whoever may see the finding.
func (m *Supervision) mayFile(_ context.Context, actor access.Actor, f files.File) error {
	if !m.host.Access.Can(actor, MayRead, f.Place) {
		return fault.New(fault.NotFound, "files.absent")
	}
	return nil
}
