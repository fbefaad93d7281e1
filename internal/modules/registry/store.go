package registry

import (
	"embed"
	"io/fs"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

//go:embed migrations/*.sql
var migrations embed.FS

func part() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: "registry", Migrations: root}
}

// Status is whether an organisation exists.
type Status string

// The statuses.
const (
	Active    Status = "active"
	Merged    Status = "merged"
	Divided   Status = "divided"
	Cancelled Status = "cancelled"
)

// Statuses lists them for filters.
var Statuses = []Status{Active, Merged, Divided, Cancelled}

// Organisation is a collective economic organisation or the body acting in its place.
type Organisation struct {
	Home            int64          `db:"home"`
	ID              int64          `db:"id,key"`
	Version         int64          `db:"version,version"`
	Place           int64          `db:"place"`
	Level           division.Level `db:"level"`
	Name            string         `db:"name"`
	Code            string         `db:"code"` // unified social credit code; "" none
	Acting          bool           `db:"acting"`
	ActingBody      string         `db:"acting_body"` // who acts, if nobody is registered
	Status          Status         `db:"status"`
	Established     period.Date    `db:"established"` // "" unknown
	Ended           period.Date    `db:"ended"`       // Open while active
	Members         int64          `db:"members"`     // with full civil capacity
	Representatives int64          `db:"representatives"`
	SurveyArea      area.Area      `db:"survey_area"` // arable land of the contract survey
	Note            string         `db:"note"`
}

// Ref names an organisation.
type Ref struct{ Home, ID int64 }

// Ref names the row's organisation.
func (o Organisation) Ref() Ref { return Ref{o.Home, o.ID} }

// String writes it as addresses and commands do: 500102/37.
func (r Ref) String() string {
	return strconv.FormatInt(r.Home, 10) + "/" + strconv.FormatInt(r.ID, 10)
}

// ParseRef reads what String writes.
func ParseRef(text string) (Ref, bool) {
	home, id, found := strings.Cut(strings.TrimSpace(text), "/")
	h, wrongHome := strconv.ParseInt(home, 10, 64)
	n, wrongID := strconv.ParseInt(id, 10, 64)
	return Ref{h, n}, found && wrongHome == nil && wrongID == nil && h >= 0 && n > 0
}

type codeRow struct {
	Home         int64  `db:"home"`
	Code         string `db:"code,key"`
	Version      int64  `db:"version,version"`
	OwnerHome    int64  `db:"owner_home"`
	Organisation int64  `db:"organisation"`
}

// Link is what became of an organisation.
type Link struct {
	Home     int64       `db:"home"`
	ID       int64       `db:"id,key"`
	Version  int64       `db:"version,version"`
	Kind     Status      `db:"kind"` // merged or divided
	Source   int64       `db:"source"`
	Target   int64       `db:"target"`
	Share    int64       `db:"share"` // of the source, in 0.0001
	Happened period.Date `db:"happened"`
	Document string      `db:"document"`
	Approved period.Date `db:"approved"` // by the county government
	Told     period.Date `db:"told"`     // creditors; "" not yet
}

// Officer holds an office.
type Officer struct {
	Home         int64       `db:"home"`
	ID           int64       `db:"id,key"`
	Version      int64       `db:"version,version"`
	Organisation int64       `db:"organisation"`
	Office       Office      `db:"office"`
	Name         []byte      `db:"name"`      // sealed
	NameFind     []byte      `db:"name_find"` // keyed hash
	Phone        []byte      `db:"phone"`     // sealed
	Since        period.Date `db:"since"`
	Until        period.Date `db:"until"` // first day no longer; Open while in office
}

var (
	organisations = store.NewTable[Organisation]("organisation")
	codes         = store.NewTable[codeRow]("organisation_code")
	links         = store.NewTable[Link]("organisation_link")
	officers      = store.NewTable[Officer]("officer")
)

// Tables are the module's tables.
func tables() []store.Sealed { return []store.Sealed{organisations, codes, links, officers, relatives} }

// Get reads an organisation.
func Get(r store.Reader, ref Ref) (Organisation, error) {
	o, found, err := organisations.First(r, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "access.outside") // as for one outside the asker's places
	}
	return o, err
}

// At finds the active organisation of a place.
func At(r store.Reader, place int64) (Organisation, bool, error) {
	return organisations.First(r, "WHERE place = ? AND status = ?", place, Active)
}

// ByCode finds the organisation that has a credit code.
func ByCode(r store.Reader, code string) (Organisation, bool, error) {
	row, found, err := codes.First(r, "WHERE home = ? AND code = ?", store.City, code)
	if err != nil || !found || row.Organisation == 0 {
		return Organisation{}, false, err
	}
	return organisations.First(r, "WHERE home = ? AND id = ?", row.OwnerHome, row.Organisation)
}

// InHome lists the active organisations of a county by number: a page for work through all of them.
func InHome(r store.Reader, home, after int64, limit int) ([]Organisation, error) {
	return organisations.All(r, "WHERE home = ? AND status = ? AND id > ? ORDER BY id LIMIT ?", home,
		Active, after, limit)
}

// LinksOf lists what an organisation came from and what became of it.
func LinksOf(r store.Reader, ref Ref) ([]Link, error) {
	return links.All(r, "WHERE home = ? AND (source = ? OR target = ?) ORDER BY happened, id", ref.Home,
		ref.ID, ref.ID)
}

// OfficersOf lists the officers of an organisation, those in office first.
func OfficersOf(r store.Reader, ref Ref) ([]Officer, error) {
	return officers.All(r, "WHERE home = ? AND organisation = ? ORDER BY until DESC, office, id", ref.Home,
		ref.ID)
}

// inOffice lists those who hold an office in an organisation on or after a day.
func inOffice(r store.Reader, ref Ref, on period.Date) ([]Officer, error) {
	return officers.All(r, "WHERE home = ? AND organisation = ? AND until > ? ORDER BY id", ref.Home,
		ref.ID,
		on)
}

// officesAt lists the offices held on a day by the organisations of a place.
func officesAt(r store.Reader, place int64, on period.Date) (map[Office]int64, error) {
	type held struct {
		Office Office `db:"office"`
		N      int64  `db:"n"`
	}
	rows, err := store.All[held](r, `SELECT f.office AS office, count(*) AS n FROM organisation o
		JOIN officer f ON f.home = o.home AND f.organisation = o.id
		WHERE o.place = ? AND o.status = ? AND f.since <= ? AND f.until > ? GROUP BY f.office`,
		place, Active, on, on)
	counts := map[Office]int64{}
	for _, h := range rows {
		counts[h.Office] = h.N
	}
	return counts, err
}

// getOfficer reads who holds or held an office.
func getOfficer(r store.Reader, home, id int64) (Officer, error) {
	row, found, err := officers.First(r, "WHERE home = ? AND id = ?", home, id)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "access.outside")
	}
	return row, err
}
