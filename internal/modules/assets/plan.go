package assets

import (
	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// lives are the parameters of the pack that say how long a kind of fixed asset lasts. What is not
// among them is not written off unless the card says so.
var lives = map[string]string{"house": "depreciation.building_years",
	"building": "depreciation.building_years",
	"machine":  "depreciation.machine_years", "tool": "depreciation.tool_years",
	"vehicle": "depreciation.vehicle_years", "electronic": "depreciation.electronic_years",
	"road": "depreciation.public_works_years", "water": "depreciation.public_works_years",
	"culture": "depreciation.public_works_years", "education_health": "depreciation.building_years"}

// formLives are those of forms whose assets have no kind.
var formLives = map[string]string{"intangible": "depreciation.intangible_years"}

// Default is the depreciation the pack gives a kind of asset on a day: straight line over the life of
// its kind with the residual share; nothing for land and for what the pack has no life for.
func (s *Assets) Default(a Asset, on period.Date) (method depreciation.Method, months int,
	salvage money.Fen) {
	key := formLives[a.Form]
	if a.Form == FormFixed {
		key = lives[a.Kind]
	}
	if key == "" {
		return depreciation.None, 0, 0
	}
	region := s.places.Codes(a.Place)
	years, err := s.host.Packs.Int(key, on, region...)
	share, none := s.host.Packs.Fraction("depreciation.residual_share", on, region...)
	if err != nil || none != nil {
		return depreciation.None, 0, 0
	}
	if a.Form != FormFixed {
		return depreciation.StraightLine, int(years) * 12, 0 // rights are written off whole
	}
	salvage, err = a.Cost.Times(share.Numerator, share.Denominator, decimal.HalfUp)
	if err != nil {
		return depreciation.None, 0, 0
	}
	return depreciation.StraightLine, int(years) * 12, salvage
}

// Fill completes the depreciation of a new card: all of it if it has no method, else the day from
// which it counts.
func (s *Assets) Fill(a *Asset) {
	if a.Method == "" {
		a.Method, a.Months, a.Salvage = s.Default(*a, s.host.Today())
	}
	if a.Method == depreciation.None {
		return
	}
	if a.InUse == "" {
		a.InUse = a.Acquired
	}
	if a.InUse == "" {
		a.InUse = s.host.Today()
	}
}
