package assets

import (
	"context"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Purposes are what a file on a card is.
var Purposes = []string{"photo", "certificate", "contract", "minutes", "other"}

// Evidence is a file for a card, put but not yet attached.
type Evidence struct {
	Act
	Blob    files.Blob
	Purpose string // photo, certificate, contract, minutes or other
}

// Attach puts a file on a card (permit assets.change).
func (s *Assets) Attach(ctx context.Context, actor access.Actor, q Evidence) (Asset, error) {
	return s.act(ctx, actor, Change, q.Act, func(tx *store.Tx, a *Asset) (Happening, error) {
		known := false
		for _, p := range Purposes {
			known = known || p == q.Purpose
		}
		if !known {
			return Happening{}, fault.New(fault.Invalid, "assets.purpose")
		}
		_, err := s.host.Files.Attach(tx, q.Blob, files.Belongs{Home: a.Home, Subject: Subject(a.ID),
			Place: a.Place, Purpose: q.Purpose, Actor: actor.Account})
		return Happening{Kind: "attached", Detail: q.Purpose}, err
	})
}

// mayFile judges who may see a file on a card: whoever may read the evidence of its place.
func (s *Assets) mayFile(_ context.Context, actor access.Actor, f files.File) error {
	if err := s.host.Access.Require(actor, Read, f.Place); err != nil {
		return err
	}
	return s.host.Access.Require(actor, files.ReadPermit, f.Place)
}
