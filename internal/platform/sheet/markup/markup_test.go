package markup

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// pieces writes what a Reader reads, one piece after another.
func pieces(r io.Reader) (string, error) {
	m := New(r)
	var b strings.Builder
	for {
		kind, err := m.Next()
		if err != nil {
			return b.String(), err
		}
		switch kind {
		case Start:
			id, _ := m.Attribute("r")
			fmt.Fprintf(&b, "<%s %q>", m.Name(), id)
		case End:
			b.WriteString("</>")
		case Text:
			fmt.Fprintf(&b, "%q", m.Text())
		case Finished:
			return b.String(), nil
		}
	}
}

func TestMarkup(t *testing.T) {
	for in, want := range map[string]string{
		`<a/>`: `<a ""></>`,
		"\ufeff<?xml version=\"1.0\"?>\n<x:a r='1'>t</x:a>": `<a "1">"t"</>`,
		`<a q="r=&quot;" r="x&gt;>'y"><b/></a>`:             `<a "x>>'y"><b ""></></>`,
		`<a>&lt;&#22320;&#x5730;&amp;lt;&nbsp;&</a>`:        `<a "">"<地地&lt;&nbsp;&"</>`,
		`<a><![CDATA[<b>&amp;]]]]><![CDATA[>]]></a>`:        `<a "">"<b>&amp;]]"">"</>`,
		"<a>x\r\ny\rz</a>":                                  `<a "">"x\ny\nz"</>`,
		`<a><!-- <b> -- > --></a><!-- end -->`:              `<a ""></>`,
		"<a\n r = \"1\"\n/>":                                `<a "1"></>`,
		"<a>\xff</a>":                                       "<a \"\">\"\ufffd\"</>",
		`<a `:                                               "error",
		`<a>`:                                               "error",
		`</a>`:                                              "error",
		`<a></a></a>`:                                       "error",
		`<a><b r="x></a>`:                                   "error",
		`<!DOCTYPE a [<!ENTITY b "c">]><a/>`:                "error",
		`<>`:                                                "error",
		`text`:                                              "error",
		`<a>` + strings.Repeat("x", PieceMax+1) + `</a>`:   "error",
		`<a r="` + strings.Repeat("x", PieceMax+1) + `"/>`: "error",
	} {
		for _, r := range []io.Reader{strings.NewReader(in), oneByOne{strings.NewReader(in)}} {
			got, err := pieces(r)
			if err != nil {
				got = "error"
			}
			if got != want {
				t.Errorf("%.60q: %s, want %s (%v)", in, got, want, err)
			}
		}
	}
	if _, err := pieces(io.MultiReader(strings.NewReader("<a>"), failing{})); !errors.Is(err, errBroken) {
		t.Errorf("an error of the file became %v", err)
	}
	long := `<a>` + strings.Repeat("地", 100_000) + `</a>`
	if got, err := pieces(strings.NewReader(long)); err != nil ||
		len(got) != len(long)+len(` ""`)+2-len("a") {
		t.Errorf("a long text came back as %d bytes, %v", len(got), err)
	}
}

var errBroken = errors.New("the disk is broken")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errBroken }

type oneByOne struct{ io.Reader }

func (o oneByOne) Read(b []byte) (int, error) { return o.Reader.Read(b[:min(1, len(b))]) }

// FuzzMarkup: what encoding/xml accepts is read the same way, and nothing makes it panic.
func FuzzMarkup(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0"?><a r="1"><b>t&amp;</b><![CDATA[x]]><c/></a>`))
	f.Add([]byte(`<x:row r='2'><c t="s"><v>1</v></c></x:row>`))
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := pieces(bytes.NewReader(in))
		if again, _ := pieces(oneByOne{bytes.NewReader(in)}); again != got {
			t.Fatalf("%q: %s in one piece, %s byte by byte", in, got, again)
		}
		want, wellFormed := theirs(in)
		if !wellFormed {
			return
		}
		if err != nil || joined(got) != joined(want) {
			t.Fatalf("%q\n got %s (%v)\nwant %s", in, got, err, want)
		}
	})
}

// joined ignores where a text is cut into pieces.
func joined(s string) string { return strings.ReplaceAll(s, `""`, "") }

// theirs writes what encoding/xml reads in the same way; not for what workbooks do not use.
func theirs(in []byte) (string, bool) {
	for _, unused := range []string{"<!D", "<!E", "<!A", "encoding", "<?", "\r"} {
		if bytes.Contains(in, []byte(unused)) {
			return "", false
		}
	}
	decoder := xml.NewDecoder(bytes.NewReader(in))
	var b strings.Builder
	depth := 0
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return b.String(), depth == 0
		}
		if err != nil {
			return "", false
		}
		switch token := token.(type) {
		case xml.StartElement:
			id := ""
			for _, a := range token.Attr {
				if a.Name.Local == "r" {
					id = a.Value
					break
				}
			}
			fmt.Fprintf(&b, "<%s %q>", token.Name.Local, id)
			depth++
		case xml.EndElement:
			b.WriteString("</>")
			depth--
		case xml.CharData:
			if depth == 0 && len(bytes.TrimSpace(token)) > 0 {
				return "", false
			}
			if depth == 0 {
				continue
			}
			fmt.Fprintf(&b, "%q", string(token))
		case xml.Directive:
			return "", false
		}
	}
}
