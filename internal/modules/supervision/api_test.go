package supervision_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/supervision"
)

// call asks an operation of the API: method and path in one, as "POST /supervision/1/run".
func (x *town) call(s *apptest.Session, what, body string, status int, header ...string) map[string]any {
	x.t.Helper()
	method, path, _ := strings.Cut(what, " ")
	r, err := http.NewRequest(method, s.Base()+"/api/v1"+path, strings.NewReader(body))
	x.must(err)
	r.Header.Set("Origin", s.Base())
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	code, text := s.Do(r)
	if code != status {
		x.t.Errorf("%s %s answers %d, want %d: %.600s", method, path, code, status, text)
	}
	value := map[string]any{}
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		x.t.Fatalf("%s %s answers %s", method, path, text)
	}
	return value
}

// photo is a picture, in base64.
func photo(t *testing.T, side int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// TestOperations: a program lists, answers with a photo, tries and orders; a neighbour gets nothing of it.
func TestOperations(t *testing.T) {
	each(t, func(x *town) {
		x.let("leased", "", "")
		x.run()
		f := x.only()
		one := fmt.Sprintf("/findings/%d/%d", f.Home, f.ID)
		officer, reviewer := x.SignIn(apptest.Login("county-officer", 1)),
			x.SignIn(apptest.Login("reviewer",
				township))
		neighbour := x.SignIn(apptest.Login("county-officer", 2))
		list := x.call(officer, "GET /findings?rule=A06-card&state=open", "", 200)
		if rows := list["rows"].([]any); len(rows) != 1 || rows[0].(map[string]any)["times"] != 1.0 {
			x.t.Errorf("list %v", list)
		}
		if rows := x.call(neighbour, "GET /findings", "", 200)["rows"].([]any); len(rows) != 0 {
			x.t.Errorf("the neighbour lists %v", rows)
		}
		board := x.call(officer, "GET /supervision/"+itoa(x.home)+"/board", "", 200)
		if whole := board["whole"].(map[string]any); whole["open"] != 1.0 {
			x.t.Errorf("board %v", board)
		}
		if got := x.call(officer, "POST /rules/A06-card/trial", `{"home":`+itoa(x.home)+`,"version":1}`,
			200); got["both"] != 1.0 || got["pushed"] != true {
			x.t.Errorf("trial %v", got)
		}
		x.call(officer, "POST /supervision/"+itoa(x.home)+"/run", "", 200)
		body := `{"name":"整改照片.png","content":"` + photo(x.t, 20) + `"}`
		kept := x.call(reviewer, "POST "+one+"/evidence", body, 200)
		if again := x.call(reviewer, "POST "+one+"/evidence", body, 200); again["id"] != kept["id"] {
			x.t.Errorf("the same photo twice: %v and %v", kept, again)
		}
		x.call(reviewer, "POST "+one+"/evidence", `{"name":"a.txt","content":"aGVsbG8="}`, 422)
		file := fmt.Sprintf("%s/evidence/%v", one, kept["id"])
		if got := x.call(officer, "GET "+file, "", 200); got["content"] != photo(x.t, 20) {
			x.t.Errorf("the photo reads %v", got)
		}
		for _, path := range []string{"GET " + one, "GET " + one + "/evidence", "GET " + file,
			"GET /supervision/" + itoa(x.home) + "/board"} {
			x.call(neighbour, path, "", 404)
		}
		x.call(neighbour, "POST "+one+"/evidence", body, 403)
		x.call(x.SignIn(apptest.Login("accountant", village)), "POST "+one+"/evidence", body, 403)
		answered := x.call(reviewer, "POST "+one+"/answer", `{"outcome":"rectified","answer":"已补签"}`, 200,
			"If-Match", fmt.Sprintf(`"%d"`, f.Version))
		if answered["outcome"] != "rectified" {
			x.t.Errorf("answered %v", answered)
		}
		x.call(reviewer, "POST "+one+"/evidence", body, 409) // it is with the verifier
	})
}

// TestEvidenceOnThePage: a photo that is posted is shown to those who see the finding, and to no neighbour,
// by address either.
func TestEvidenceOnThePage(t *testing.T) {
	each(t, func(x *town) {
		x.let("leased", "", "")
		x.run()
		f := x.only()
		reviewer := x.SignIn(apptest.Login("reviewer", township))
		content, err := base64.StdEncoding.DecodeString(photo(x.t, 30))
		x.must(err)
		var form bytes.Buffer
		w := multipart.NewWriter(&form)
		part, err := w.CreateFormFile("file", "现场.png")
		x.must(err)
		_, err = part.Write(content)
		x.must(err)
		x.must(w.Close())
		r, err := http.NewRequest(http.MethodPost, reviewer.Base()+supervision.Address(f.Ref())+"/evidence",
			&form)
		x.must(err)
		r.Header.Set("Origin", reviewer.Base())
		r.Header.Set("Content-Type", w.FormDataContentType())
		if code, body := reviewer.Do(r); code != http.StatusSeeOther {
			x.t.Fatalf("posting a photo answers %d %.300s", code, body)
		}
		x.page("county-officer", 1, supervision.Address(f.Ref()), "现场.png", "/thumbnail")
		x.page("accountant", village, supervision.Address(f.Ref()), "现场.png")
		file := fmt.Sprintf("/files/%d/1", f.Home)
		if code, body := x.SignIn(apptest.Login("county-auditor", 1)).Get(file); code != http.StatusOK ||
			body != string(content) {
			x.t.Errorf("the verifier gets %d at %s", code, file)
		}
		for _, login := range []string{apptest.Login("county-officer", 2), apptest.Login("reviewer", 5)} {
			for _, page := range []string{file, file + "/thumbnail"} {
				if code, _ := x.SignIn(login).Get(page); code != http.StatusNotFound {
					x.t.Errorf("%s gets %d at %s", login, code, page)
				}
			}
		}
		x.must(x.answer("reviewer", township, supervision.Answering{Outcome: supervision.Rectified,
			Answer: "已补签合同，见照片"}))
	})
}
