package intakepage

import (
	"bytes"
	"context"
	"net/http"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Endpoints are the operations: send a file, look at it, let it take effect, take it back.
func (f *Files) Endpoints(a *api.API) {
	operation := func(method, path, id, summary string) api.Operation {
		return api.Operation{Method: method, Path: path, ID: id + f.Name, Summary: summary, Tag: f.Tag,
			Access: web.Permitted(f.Permit)}
	}
	sent := operation(http.MethodPost, f.From, "create",
		"Stage and check a file; nothing else changes yet.")
	sent.BodyMax, sent.Status = SizeMax, http.StatusCreated
	api.Add(a, sent, f.apiSend)
	api.Add(a, operation(http.MethodGet, f.At, "get", "A file that was sent, with what was found."),
		f.apiGet)
	api.Add(a, operation(http.MethodPost, f.At+"/apply", "apply", "Let a file take effect."), f.apiApply)
	api.Add(a, operation(http.MethodPost, f.At+"/cancel", "cancel",
		"Let a file go; what took effect stays."),
		f.apiCancel)
}

// Body is a file that was sent, as programs see it.
type Body struct {
	Home     int64         `json:"home"`
	ID       int64         `json:"id"`
	Name     string        `json:"name"`
	State    intake.State  `json:"state"`
	Rows     int64         `json:"rows"`
	Applied  int64         `json:"applied"`
	Repeated int64         `json:"repeated"`
	Failed   int64         `json:"failed"`
	Errors   int64         `json:"errors"`
	Warnings int64         `json:"warnings"`
	Findings []FindingBody `json:"findings"`
	More     bool          `json:"more" doc:"There are further findings."`
	Again    bool          `json:"again,omitempty" doc:"The file was sent before."`
}

// FindingBody is one finding with its cell.
type FindingBody struct {
	Severity fault.Severity `json:"severity"`
	Key      string         `json:"key"`
	Text     string         `json:"text"`
	Sheet    string         `json:"sheet,omitempty"`
	Row      int            `json:"row,omitempty"`
	Column   string         `json:"column,omitempty"`
	Value    string         `json:"value,omitempty"`
}

// Input names a file that was sent, or whose it is.
type Input struct {
	Home int64 `path:"home" minimum:"0"`
	ID   int64 `path:"id" minimum:"1"`
}

type output struct{ Body Body }

// foundMax is how many findings one answer holds.
const foundMax = 500

func (f *Files) output(ctx context.Context, in intake.Intake) (*output, error) {
	out := &output{Body{Home: in.Home, ID: in.ID, Name: in.Name, State: in.State, Rows: in.Rows,
		Applied: in.Applied, Repeated: in.Repeated, Failed: in.Failed, Errors: in.Errors,
		Warnings: in.Warnings, Findings: []FindingBody{}}}
	list, next, err := f.Host.Intake.Findings(ctx, access.From(ctx), in, intake.Filter{Limit: foundMax})
	for _, found := range list {
		out.Body.Findings = append(out.Body.Findings, FindingBody{found.Severity, found.Key,
			f.Host.Dictionary.Text(locale.English, found.Key, found.Args...), found.Sheet, found.Row,
			found.Column, found.Value})
	}
	out.Body.More = next != ""
	return out, err
}

func (f *Files) apiSend(ctx context.Context, in *struct {
	Input
	Body struct {
		Name string `json:"name" maxLength:"200" doc:"Of the file, with its ending."`
		Kind string `json:"kind,omitempty" maxLength:"40" doc:"Way to send a file, where there are several."`
		File []byte `json:"file" doc:"The file in base64: XLSX or CSV."`
	}
}) (*output, error) {
	actor := access.From(ctx)
	about, err := f.Of(ctx, actor, in.Home, in.ID)
	if err != nil {
		return nil, err
	}
	sent, again, err := f.Send(ctx, Sending{actor, about, f.way(in.Body.Kind),
		sheet.Upload{Name: in.Body.Name,
			Content: bytes.NewReader(in.Body.File), Size: int64(len(in.Body.File))}})
	if err != nil {
		return nil, err
	}
	out, err := f.output(ctx, sent)
	if err == nil {
		out.Body.Again = again
	}
	return out, err
}

func (f *Files) apiGet(ctx context.Context, in *Input) (*output, error) {
	sent, err := f.Get(ctx, access.From(ctx), in.Home, in.ID)
	if err != nil {
		return nil, err
	}
	return f.output(ctx, sent)
}

func (f *Files) apiApply(ctx context.Context, in *struct {
	Input
	Body struct {
		Explanation string `json:"explanation,omitempty" maxLength:"500" doc:"Of the warnings."`
	}
}) (*output, error) {
	sent, err := f.Get(ctx, access.From(ctx), in.Home, in.ID)
	if err == nil {
		sent, err = f.Host.Intake.Apply(ctx, intake.Order{Actor: access.From(ctx), Home: sent.Home,
			ID: sent.ID, Explanation: in.Body.Explanation})
	}
	if err != nil {
		return nil, err
	}
	return f.output(ctx, sent)
}

func (f *Files) apiCancel(ctx context.Context, in *Input) (*output, error) {
	sent, err := f.Get(ctx, access.From(ctx), in.Home, in.ID)
	if err == nil {
		sent, err = f.Host.Intake.Cancel(ctx, access.From(ctx), sent.Home, sent.ID)
	}
	if err != nil {
		return nil, err
	}
	return f.output(ctx, sent)
}
