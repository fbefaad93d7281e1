package assets

import (
	"context"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// Description is what may be set right on a card without a document: where the thing is and how it is
// known. Value, area, class, title, origin and use change by acts of their own.
type Description struct {
	Number      string
	Name        string
	Category    string
	Certificate string
	Parcel      string
	Custodian   string
	Location    string
	Latitude    int64 // micro-degrees; 0 and 0: none
	Longitude   int64
	Quantity    int64 // hundredths of the unit
	Unit        string
	Boundary    string
	Note        string
}

// Description is the card's present one.
func (a Asset) Description() Description {
	return Description{a.Number, a.Name, a.Category, a.Certificate, a.Parcel, a.Custodian, a.Location,
		a.Latitude,
		a.Longitude, a.Quantity, a.Unit, a.Boundary, a.Note}
}

// Describe puts a description on a card.
func (a *Asset) Describe(d Description) {
	a.Number, a.Name, a.Category, a.Certificate, a.Parcel = d.Number, d.Name, d.Category, d.Certificate,
		d.Parcel
	a.Custodian, a.Location, a.Latitude, a.Longitude = d.Custodian, d.Location, d.Latitude, d.Longitude
	a.Quantity, a.Unit, a.Boundary, a.Note = d.Quantity, d.Unit, d.Boundary, d.Note
}

// Amend sets a card's description right (permit assets.change).
func (s *Assets) Amend(ctx context.Context, actor access.Actor, q Act, d Description) (Asset, error) {
	return s.act(ctx, actor, Change, q, func(tx *store.Tx, a *Asset) (Happening, error) {
		if d.Number == "" {
			d.Number = a.Number
		}
		a.Describe(d)
		if err := s.whole(a); err != nil {
			return Happening{}, err
		}
		return Happening{Kind: "amended"}, Free(tx, a)
	})
}
