package api_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/web"
)

type unexported struct {
	ID int64 `path:"id"`
}

// TestInputsThatAreNeverFilled: huma passes over embedded structs that are not exported; such an
// operation would always see number 0.
func TestInputsThatAreNeverFilled(t *testing.T) {
	d, err := locale.Load(locale.Own, api.Texts)
	if err != nil {
		t.Fatal(err)
	}
	a := api.New("test", d, access.New())
	defer func() {
		if recover() == nil {
			t.Error("an input with an unexported embedded struct was taken")
		}
	}()
	api.Add(a, api.Operation{Method: http.MethodGet, Path: "/x/{id}", ID: "x", Access: web.Public()},
		func(context.Context, *struct{ unexported }) (*struct{}, error) { return nil, nil })
}
