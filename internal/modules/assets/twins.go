package assets

import (
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// nearby is how far two things of one name may be apart to be held for the same, in micro-degrees of
// latitude: some 50 m.
const nearby = 450

// Twins are other live cards that may be of the same thing (invariant 1): of the same parcel or
// certificate anywhere in the city, or of the same name at the same position in the county.
func (s *Assets) Twins(r store.Reader, actor access.Actor, a Asset) ([]fault.Finding, error) {
	var findings []fault.Finding
	for _, look := range []struct{ field, where, value string }{
		{"parcel", "WHERE parcel <> '' AND parcel = ?", a.Parcel}, {"certificate",
			"WHERE certificate <> '' AND certificate = ?", a.Certificate}} {
		if look.value == "" {
			continue
		}
		twin, found, err := assetTable.First(r,
			look.where+" AND state = ? AND NOT (home = ? AND id = ?) ORDER BY home, id LIMIT 1",
			look.value, Live, a.Home, a.ID)
		if err != nil {
			return nil, err
		}
		if found {
			findings = append(findings, s.twinFinding(actor, twin).At("", 0, look.field))
		}
	}
	twin, found, err := standsThere(r, a)
	if found {
		findings = append(findings, s.twinFinding(actor, twin).At("", 0, "latitude"))
	}
	return findings, err
}

// twinFinding names the other card to whoever may read it, and to others only that there is one.
func (s *Assets) twinFinding(actor access.Actor, twin Asset) fault.Finding {
	if s.host.Access.Can(actor, Read, twin.Place) {
		return fault.Doubt("assets.twin", twin.Name, twin.Number)
	}
	return fault.Doubt("assets.twin_elsewhere")
}

// standsThere finds a card of another organisation with the same name within some 50 m.
func standsThere(r store.Reader, a Asset) (Asset, bool, error) {
	if a.Latitude == 0 && a.Longitude == 0 {
		return Asset{}, false, nil
	}
	return assetTable.First(r, `WHERE home = ? AND latitude <> 0 AND latitude BETWEEN ? AND ?
		AND longitude BETWEEN ? AND ? AND name = ? AND organisation <> ? AND state = ?
		AND NOT (home = ? AND id = ?) ORDER BY id LIMIT 1`,
		a.Home, a.Latitude-nearby, a.Latitude+nearby, a.Longitude-nearby, a.Longitude+nearby, a.Name,
		a.Organisation, Live, a.Home, a.ID)
}
