package desk

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/log"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// noticesPage is how many notices the board shows at once.
const noticesPage = 50

type boardView struct {
	Notices []boardLine
	Next    string
	Place   string
}

type boardLine struct {
	Title, Address string
	Posted, Ends   period.Date
}

// notices is the public notice board, soonest end first, of everywhere or of a place.
func (d *Desk) notices(r *web.Request) (web.Answer, error) {
	scope := d.host.Access.Scope(access.Machine, "")
	place, err := r.Number("place")
	if err != nil {
		return nil, err
	}
	if place != 0 {
		scope = access.Under(d.host.Access.Path(place))
	}
	after, err := noticeKey(r.URL.Query().Get("after"))
	if err != nil {
		return nil, err
	}
	rows, err := store.Read(r.Context(), d.host.Store, func(v *store.View) ([]procedure.NoticeRow, error) {
		return d.host.Procedures.NoticesUp(v, scope, after, noticesPage+1)
	})
	if err != nil {
		return nil, err
	}
	view := boardView{Place: r.Field("place")}
	if len(rows) > noticesPage {
		rows = rows[:noticesPage]
		last := rows[noticesPage-1]
		key := cursorOf(procedure.InboxKey{Due: last.Ends, Home: last.Home, ID: last.ID})
		view.Next = "/notices?" + url.Values{"after": {web.EncodeCursor(key)}, "place": {view.Place}}.Encode()
	}
	for _, n := range rows {
		view.Notices = append(view.Notices, boardLine{inLanguage(r, n.TitleZh, n.TitleEn),
			noticeAddress(n.Home, n.ID),
			n.Posted, n.Ends})
	}
	return web.View("desk/notices", web.Page{Title: r.T("desk.menu.notices"), Data: view}), nil
}

func noticeKey(cursor string) (procedure.NoticeKey, error) {
	text, err := web.DecodeCursor(cursor)
	if err != nil || text == "" {
		return procedure.NoticeKey{}, err
	}
	k, err := inboxKey(text)
	return procedure.NoticeKey{Ends: k.Due, Home: k.Home, ID: k.ID}, err
}

func noticeAddress(home, id int64) string {
	return "/notices/" + strconv.FormatInt(home, 10) + "/" + strconv.FormatInt(id, 10)
}

type noticeView struct {
	procedure.NoticeRow
	Heading string
	Lead    string
	Tables  []web.TableView
	Open    bool // objections are taken
	Address string
}

// notice shows a posting to anybody: what was posted, until when, and how to object.
func (d *Desk) notice(r *web.Request) (web.Answer, error) {
	ref, err := caseRef(r)
	if err != nil {
		return nil, err
	}
	v := noticeView{Address: noticeAddress(ref.Home, ref.ID)}
	var content procedure.Content
	err = d.host.Store.View(r.Context(), func(s *store.View) error {
		v.NoticeRow, content, err = d.host.Procedures.Notice(s, ref.Home, ref.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	if v.State != "up" && !r.Can(ReadCases, v.Place) { // taken down: only officers still see it
		return nil, fault.New(fault.NotFound, "procedure.notice_gone")
	}
	v.Open = v.State == "up" && r.Today() <= v.Ends
	v.Heading, v.Lead = content.Title.In(r.Language), content.Lead.In(r.Language)
	for _, t := range content.Tables {
		v.Tables = append(v.Tables, web.TableIn(r.Language, t))
	}
	return web.View("desk/notice", web.Page{Title: v.Heading, Data: v, Place: v.Place}), nil
}

// object takes an objection from anybody.
func (d *Desk) object(r *web.Request) (web.Answer, error) {
	ref, err := caseRef(r)
	if err != nil {
		return nil, err
	}
	if err := r.Posted(); err != nil {
		return nil, err
	}
	row, err := store.Read(r.Context(), d.host.Store, func(s *store.View) (procedure.NoticeRow, error) {
		row, _, err := d.host.Procedures.Notice(s, ref.Home, ref.ID)
		return row, err
	})
	if err != nil {
		return nil, err
	}
	_, err = d.host.Procedures.Object(r.Context(), r.Actor, procedure.Ref{Home: row.Home, ID: row.Case},
		procedure.Objecting{Name: r.Field("name"), Contact: r.Field("contact"), Body: r.Field("body")})
	if err != nil {
		return nil, err
	}
	return web.Redirect(withDone(noticeAddress(ref.Home, ref.ID), "desk.objected")), nil
}

type verifyView struct {
	Key     string // this installation's public key
	Text    string
	Using   string
	Proven  *log.Proven
	Refusal *fault.Fault
}

// verify checks a certificate for anybody; it needs no database, only the text and the key.
func (d *Desk) verify(r *web.Request) (web.Answer, error) {
	v := verifyView{Key: d.host.Log.PublicKey()}
	if r.Method == "POST" {
		if err := r.Posted(); err != nil {
			return nil, err
		}
		v.Text, v.Using = strings.ReplaceAll(r.FormValue("certificate"), "\r\n", "\n"), r.Field("key")
		if v.Using == "" {
			v.Using = v.Key
		}
		key, err := log.ParsePublicKey(v.Using)
		if err == nil {
			var proven log.Proven
			if proven, err = log.VerifyCertificate(v.Text, key); err == nil {
				v.Proven = &proven
			}
		}
		v.Refusal = fault.Of(err)
	}
	return web.View("desk/verify", web.Page{Title: r.T("web.verify"), Data: v}), nil
}
