package accounts

import (
	"fmt"
	"html/template"
	"strings"

	"rsc.io/qr"

	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// factor is the page on which one sets up the second factor, or takes it away.
type factor struct {
	Set       bool
	Needed    bool
	Enrolment identity.Enrolment
	QR        template.HTML
	Refusal   *web.Refused
}

func differ() error { return fault.New(fault.Invalid, "accounts.differ") }

func (m *Module) factorPage(r *web.Request) (web.Answer, error) { return m.showFactor(r, "", nil) }

// issuer is the name under which an authenticator app lists the account: short and in ASCII, since
// every Chinese character takes eighteen more in the QR code.
func issuer(r *web.Request) string {
	host, _, _ := strings.Cut(r.Host, ":")
	return "Terrace " + host
}

// showFactor shows the page; after a wrong code with the same secret again.
func (m *Module) showFactor(r *web.Request, pending string, refused error) (web.Answer, error) {
	ctx, s := r.Context(), m.host.Identity
	v := factor{}
	var err error
	if v.Set, v.Needed, err = s.Second(ctx, r.Actor); err != nil {
		return nil, err
	}
	if v.Refusal, err = r.Refused(refused); err != nil {
		return nil, err
	}
	switch {
	case v.Set:
	case pending != "":
		v.Enrolment, err = s.ResumeSecond(ctx, r.Actor, issuer(r), pending)
	default:
		v.Enrolment, err = s.BeginSecond(ctx, r.Actor, issuer(r))
	}
	if err != nil {
		return nil, err
	}
	if !v.Set {
		if v.QR, err = qrImage(v.Enrolment.URL, r.T("accounts.factor.qr")); err != nil {
			return nil, err
		}
	}
	return web.View("accounts/factor", web.Page{Title: r.T("accounts.factor"), Data: v,
		Status: web.StatusOf(refused)}), nil
}

func (m *Module) enableFactor(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	pending := r.PostFormValue("pending")
	codes, err := m.host.Identity.EnableSecond(r.Context(), r.Actor, pending,
		strings.ReplaceAll(r.Field("code"), " ", ""))
	if fault.HasKey(err, "identity.second.code") {
		return m.showFactor(r, pending, err)
	}
	if err != nil {
		return nil, err
	}
	return showSecret(r, r.T("accounts.factor.recovery"), secretView{r.T("accounts.factor.once"), codes,
		"/account"}), nil
}

func (m *Module) clearFactor(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	err := m.host.Identity.ClearSecond(r.Context(), r.Actor, r.PostFormValue("password"), client(r))
	if fault.HasKey(err, "identity.password.old") {
		return m.showFactor(r, "", err)
	}
	if err != nil {
		return nil, err
	}
	return withDone("/account", "factor_cleared"), nil
}

// qrImage draws a text as a QR code: an SVG in the page, black on white also in the dark.
func qrImage(text, label string) (template.HTML, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", err
	}
	const quiet = 4 // modules around, as ISO/IEC 18004 asks
	var path strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	const frame = `<svg class="qr" role="img" aria-label="%[1]s" width="220" height="220" ` +
		`viewBox="0 0 %[2]d %[2]d" shape-rendering="crispEdges">` +
		`<path fill="#fff" d="M0 0h%[2]dv%[2]dH0z"/><path fill="#000" d="%[3]s"/></svg>`
	drawn := fmt.Sprintf(frame, template.HTMLEscapeString(label), code.Size+2*quiet, path.String())
	return template.HTML(drawn), nil //nolint:gosec // numbers, and a label that is escaped
}
