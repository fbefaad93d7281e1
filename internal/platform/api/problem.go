package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Problem is a refusal as programs read it (RFC 9457).
type Problem struct {
	Type     string    `json:"type" doc:"Names the kind of refusal; stable."`
	Title    string    `json:"title" doc:"What was refused, in the reader's language."`
	Status   int       `json:"status"`
	Code     string    `json:"code" doc:"The class: invalid, forbidden, conflict, stale …"`
	Detail   string    `json:"detail,omitempty"`
	Rule     string    `json:"rule,omitempty" doc:"By which rule."`
	Next     string    `json:"next,omitempty" doc:"What to do next."`
	Findings []Finding `json:"findings,omitempty" doc:"The single things wrong, each with its place."`
}

// Finding is one thing wrong at one place.
type Finding struct {
	Severity string `json:"severity"`
	Key      string `json:"key,omitempty"`
	Place    string `json:"place,omitempty"`
	Text     string `json:"text"`
}

// Error makes a Problem an error.
func (p *Problem) Error() string { return p.Type + ": " + p.Title }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is the media type of problems.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// problemType is the stable name of a kind of refusal.
func problemType(key string) string { return "urn:terrace:refusal:" + key }

func (a *API) problem(ctx context.Context, err error) *Problem {
	return a.problemIn(locale.Match("", acceptLanguage(ctx)), err)
}

func (a *API) problemIn(l locale.Language, err error) *Problem {
	f := asFault(err)
	if f.Code == fault.Internal || f.Code == fault.Unavailable {
		slog.Error("api: request failed", "code", f.Code, "cause", err)
	}
	words := a.dictionary.Explain(l, f)
	p := &Problem{Type: problemType(f.Key), Title: words.What, Status: web.Status(f), Code: string(f.Code),
		Rule: words.Rule, Next: words.Next}
	if f.Key == "api.if_match" {
		p.Status = http.StatusPreconditionRequired
	}
	for _, finding := range f.Findings {
		p.Findings = append(p.Findings, Finding{Severity: string(finding.Severity), Key: finding.Key,
			Place: a.dictionary.Place(l, finding), Text: a.dictionary.Text(l, finding.Key,
				finding.Args...)})
	}
	return p
}

type languageKey struct{}

func acceptLanguage(ctx context.Context) string {
	text, _ := ctx.Value(languageKey{}).(string)
	return text
}

// Refuse writes a problem outside an operation.
func (a *API) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := a.problemIn(locale.Match("", r.Header.Get("Accept-Language")), err)
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	json.NewEncoder(w).Encode(p) //nolint:errcheck // the reader has gone
}

// statusCodes gives huma's own refusals (validation, media types) our codes.
var statusCodes = map[int]fault.Code{
	http.StatusBadRequest:            fault.Invalid,
	http.StatusUnprocessableEntity:   fault.Invalid,
	http.StatusRequestEntityTooLarge: fault.TooLarge,
	http.StatusUnsupportedMediaType:  fault.Unsupported,
	http.StatusNotAcceptable:         fault.Unsupported,
	http.StatusRequestTimeout:        fault.Unavailable,
	http.StatusInternalServerError:   fault.Internal,
}

// plainProblem turns one of huma's refusals into a Problem. d is nil while the description is made.
func plainProblem(
	d *locale.Dictionary,
	l locale.Language,
	status int,
	message string,
	errs []error,
) *Problem {
	code, ok := statusCodes[status]
	if !ok {
		code = fault.Invalid
	}
	p := &Problem{Type: problemType("api.request"), Title: http.StatusText(status), Status: status,
		Code: string(code), Detail: message}
	if d != nil {
		words := d.Explain(l, fault.New(code, "api.request"))
		p.Title, p.Rule, p.Next = words.What, words.Rule, words.Next
	}
	for _, err := range errs {
		if err == nil {
			continue
		}
		finding := Finding{Severity: string(fault.Error), Text: err.Error()}
		if detailer, ok := err.(huma.ErrorDetailer); ok {
			detail := detailer.ErrorDetail()
			finding.Place, finding.Text = detail.Location, detail.Message
		}
		p.Findings = append(p.Findings, finding)
	}
	return p
}
