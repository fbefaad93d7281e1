package ledger

import (
	"github.com/terrace-project/terrace/internal/modules/ledger/refusal"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// entering is drafts on their way to being kept. What it has read it does not read again.
type entering struct {
	l     *Ledger
	r     store.Reader
	actor access.Actor
	books map[Ref]*enteringBook
	files attachments
	// foreseen says that the sources taken were read for all drafts there will be.
	foreseen bool
}

// enteringBook is a book that the actor enters drafts into, or why not.
type enteringBook struct {
	Book
	refused error
	taken   map[string]bool // sources
}

func (l *Ledger) entering(r store.Reader, actor access.Actor) *entering {
	return &entering{l: l, r: r, actor: actor, books: map[Ref]*enteringBook{}, files: attachments{}}
}

// book reads a book once, and asks once whether the actor may enter into it.
func (e *entering) book(ref Ref) (*enteringBook, error) {
	if b := e.books[ref]; b != nil {
		return b, nil
	}
	row, err := Get(e.r, ref)
	if err == nil {
		err = e.l.host.Access.Require(e.actor, MayEnter, row.Place)
	}
	if err != nil && !refusal.Is(err) {
		return nil, err
	}
	e.books[ref] = &enteringBook{Book: row, refused: err, taken: map[string]bool{}}
	return e.books[ref], nil
}

// voucher is a tidied draft as a row without an id, if it can be entered.
func (e *entering) voucher(d Draft) (v Voucher, of Book, err error) {
	b, err := e.book(d.Book)
	if err != nil {
		return v, of, err
	}
	if b.refused != nil {
		return v, of, b.refused
	}
	if err := e.l.enterable(b.Book, d); err != nil {
		return v, of, err
	}
	if err := e.files.check(e.r, d); err != nil {
		return v, of, err
	}
	taken := b.taken[d.Source]
	if d.Source != "" && !e.foreseen {
		if _, taken, err = BySource(e.r, b.Ref(), d.Source); err != nil {
			return v, of, err
		}
	}
	if taken {
		return v, of, fault.New(fault.Conflict, "ledger.source_taken", d.Source)
	}
	if v, err = d.Voucher(); err == nil && d.Source != "" {
		b.taken[d.Source] = true
	}
	return v, b.Book, err
}

// foresee reads which sources of drafts are taken, and which of their attachments are kept.
func (e *entering) foresee(list []Draft) error {
	sources := map[Ref][]string{}
	hashes := map[int64][]string{}
	for _, d := range list {
		if d.Source != "" {
			sources[d.Book] = append(sources[d.Book], d.Source)
		}
		hashes[d.Book.Home] = append(hashes[d.Book.Home], d.Attachments...)
	}
	for ref, all := range sources {
		b, err := e.book(ref)
		if err != nil {
			return err
		}
		taken, err := Taken(e.r, ref, all)
		if err != nil {
			return err
		}
		for source := range taken {
			b.taken[source] = true
		}
	}
	for home, all := range hashes {
		if err := e.files.read(e.r, home, all); err != nil {
			return err
		}
	}
	e.foreseen = true
	return nil
}

// attachments tell of files whether they are kept in a home.
type attachments map[fileKey]bool

type fileKey struct {
	home int64
	hash string
}

// read asks for those of a home that are not known yet.
func (a attachments) read(r store.Reader, home int64, hashes []string) error {
	var unknown []string
	for _, hash := range hashes {
		if _, known := a[fileKey{home, hash}]; !known {
			a[fileKey{home, hash}] = false
			unknown = append(unknown, hash)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	kept, err := files.Kept(r, home, unknown)
	for hash := range kept {
		a[fileKey{home, hash}] = true
	}
	return err
}

// check refuses a draft with an attachment that is no file kept in the home of its book.
func (a attachments) check(r store.Reader, d Draft) error {
	if err := a.read(r, d.Book.Home, d.Attachments); err != nil {
		return err
	}
	var findings []fault.Finding
	for _, hash := range d.Attachments {
		if !a[fileKey{d.Book.Home, hash}] {
			findings = append(findings, fault.Wrong("ledger.wrong.file").At("", 0, "attachments").Saw(hash))
		}
	}
	if len(findings) > 0 {
		return fault.New(fault.Invalid, "ledger.invalid").With(findings)
	}
	return nil
}
