package files_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/exif"
	"github.com/terrace-project/terrace/internal/pure/exif/exiftest"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func each(t *testing.T, fn func(*testing.T, *files.Service)) {
	t.Helper()
	storetest.Each(t, []store.Part{files.Part()}, func(t *testing.T, s *store.Store) {
		s.Seal(files.Tables()...)
		fn(t, service(t, s, nil))
	})
}

func service(t testing.TB, s *store.Store, scan []string) *files.Service {
	t.Helper()
	ring, err := keys.New(storetest.Random(2))
	if err != nil {
		t.Fatal(err)
	}
	service, err := files.New(files.Config{Folder: filepath.Join(t.TempDir(), "files"), Store: s,
		Keys: ring,
		Scan: scan})
	if err != nil {
		t.Fatal(err)
	}
	return service
}

// photo is a picture with a red upper left corner, as a camera on its side would write it.
func photo(t testing.TB, width, height int, fields *exiftest.Fields) []byte {
	t.Helper()
	p := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			p.Set(x, y, color.RGBA{30, 120, 80, 255})
			if x < width/4 && y < height/4 {
				p.Set(x, y, color.RGBA{220, 20, 20, 255})
			}
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, nil); err != nil {
		t.Fatal(err)
	}
	if fields == nil {
		return b.Bytes()
	}
	segment := exiftest.Segment(exiftest.Block(binary.BigEndian, *fields))
	return append(append([]byte{0xff, 0xd8}, segment...), b.Bytes()[2:]...)
}

var fuling = exiftest.Fields{Orientation: 6, Taken: "2026:01:05 09:30:00",
	Latitude: [6]uint32{29, 1, 42, 1, 0, 1}, North: "N",
	Longitude: [6]uint32{107, 1, 24, 1, 0, 1}, East: "E"}

// put puts and attaches a file, and fails the test if it cannot.
func put(t testing.TB, s *files.Service, name string, content []byte, subject string) files.File {
	t.Helper()
	blob, err := s.Put(t.Context(), name, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return attach(t, s, blob, subject)
}

func attach(t testing.TB, s *files.Service, blob files.Blob, subject string) files.File {
	t.Helper()
	var f files.File
	if err := s.Store.Write(t.Context(), func(tx *store.Tx) (err error) {
		if f, err = s.Attach(tx, blob, files.Belongs{Home: 7, Subject: subject, Place: 1, Purpose: "photo",
			Actor: 3}); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: 7, Kind: "test.attached", Subject: subject})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return f
}

func findings(t testing.TB, s *files.Service) []fault.Finding {
	t.Helper()
	var all []fault.Finding
	if err := s.Verify(t.Context(), func(f fault.Finding) { all = append(all, f) }); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAPhotoIsKeptWithWhenAndWhere(t *testing.T) {
	each(t, func(t *testing.T, s *files.Service) {
		content := photo(t, 400, 200, &fuling)
		f := put(t, s, `C:\照片\院坝.JPEG`, content, "asset/12")
		if f.Name != "院坝.jpg" || f.Kind != files.JPEG || f.Size != int64(len(content)) {
			t.Errorf("kept as %+v", f)
		}
		if f.TakenAt.String() != "2026-01-05 09:30" {
			t.Errorf("taken at %s", f.TakenAt)
		}
		if bytes.Contains(f.Position, []byte("29700000")) {
			t.Error("the position stands in the row in plain")
		}
		at, err := s.PositionOf(f)
		if want := (exif.Position{Known: true, Latitude: 29_700_000, Longitude: 107_400_000}); at != want ||
			err != nil {
			t.Errorf("position %+v, %v", at, err)
		}
		body, err := s.Open(f)
		if err != nil {
			t.Fatal(err)
		}
		defer body.Close()
		if got, err := io.ReadAll(body); err != nil || !bytes.Equal(got, content) {
			t.Errorf("the evidence changed: %v", err)
		}
		if all := findings(t, s); len(all) > 0 {
			t.Errorf("verify: %v", all)
		}
	})
}

// TestCopiesCarryNothingButPixels: no position, and the right way up.
func TestCopiesCarryNothingButPixels(t *testing.T) {
	s := service(t, storetest.SQLite(t, []store.Part{files.Part()}), nil)
	for orientation, corner := range map[uint16]image.Point{1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1},
		5: {0, 0}, 6: {1, 0}, 7: {1, 1}, 8: {0, 1}} {
		fields := fuling
		fields.Orientation = orientation
		f := put(t, s, "a.jpg", photo(t, 4000, 2000, &fields), "asset/1")
		for d, want := range map[*files.Derived]image.Point{&files.Thumbnail: {320, 160},
			&files.Published: {2048, 1024}} {
			if orientation >= 5 {
				want.X, want.Y = want.Y, want.X
			}
			body, err := s.OpenDerived(t.Context(), f, *d)
			if err != nil {
				t.Fatal(err)
			}
			raw, err := io.ReadAll(body)
			body.Close()
			if err != nil || exif.Block(raw) != nil || bytes.Contains(raw, []byte("Exif")) {
				t.Fatalf("orientation %d: the copy carries an EXIF block (%v)", orientation, err)
			}
			p, err := jpeg.Decode(bytes.NewReader(raw))
			if err != nil || p.Bounds().Size() != want {
				t.Fatalf("orientation %d: %v, %v", orientation, p.Bounds().Size(), err)
			}
			at := image.Point{8 + corner.X*(want.X-16), 8 + corner.Y*(want.Y-16)}
			if r, g, _, _ := p.At(at.X, at.Y).RGBA(); r < 3*g {
				t.Errorf("orientation %d: the red corner is not at %v", orientation, at)
			}
		}
	}
}

// archive is a packed document with the files named.
func archive(t testing.TB, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte("<x/>")); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bomb is a document that unpacks to more than it may.
func bomb(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create("xl/workbook.xml")
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 520 {
		if _, err := f.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// hugePNG says that it is larger than it is.
func hugePNG(width, height uint32, depth, colour byte) []byte {
	b := []byte("\x89PNG\r\n\x1a\n")
	body := binary.BigEndian.AppendUint32([]byte("IHDR"), width)
	body = append(binary.BigEndian.AppendUint32(body, height), depth, colour, 0, 0, 0)
	b = append(binary.BigEndian.AppendUint32(b, 13), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(body))
}

func smallPNG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 20, 10))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestKindsAreToldFromTheContent(t *testing.T) {
	s := service(t, storetest.SQLite(t, []store.Part{files.Part()}), nil)
	chinese, err := simplifiedchinese.GB18030.NewEncoder().String("编号,名称\n1,晒坝𠮷\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		content []byte
		want    string // the kept name
		kind    string
	}{
		{"photo.exe", photo(t, 10, 10, nil), "photo.jpg", files.JPEG},
		{"scan", smallPNG(t), "scan.png", files.PNG},
		{"合同.pdf", []byte("%PDF-1.7\n…"), "合同.pdf", files.PDF},
		{"表.zip", archive(t, "[Content_Types].xml", "xl/workbook.xml"), "表.xlsx", files.XLSX},
		{"会议记录.docx", archive(t, "[Content_Types].xml", "word/document.xml"), "会议记录.docx", files.DOCX},
		{"a.csv", []byte("\ufeff编号,名称\r\n1,晒坝\r\n"), "a.csv", files.CSV},
		{"b.CSV", []byte(chinese), "b.csv", files.CSV},
		{"w.csv", []byte("\xff\xfeN\x00o\x00\n\x00"), "w.csv", files.CSV}, // “Unicode text”
		{"../../etc/passwd", []byte("说明"), "passwd.txt", files.TXT},
		{"\u202egpj.exe", []byte("说明"), "gpj.txt", files.TXT},
		{"", []byte("说明"), "file.txt", files.TXT},
		{strings.Repeat("长", 300) + ".txt", []byte("说明"), strings.Repeat("长", 100) + ".txt", files.TXT},
	} {
		blob, err := s.Put(t.Context(), c.name, bytes.NewReader(c.content))
		if err != nil || blob.Kind != c.kind || blob.Name != c.want {
			t.Errorf("%q: %s %q, %v; want %s %q", c.name, blob.Kind, blob.Name, err, c.kind, c.want)
		}
	}
}

func TestWhatIsNotTakenLeavesNothingBehind(t *testing.T) {
	s := service(t, storetest.SQLite(t, []store.Part{files.Part()}), nil)
	cut := photo(t, 200, 200, nil)
	for name, c := range map[string]struct {
		content io.Reader
		key     string
	}{
		"webp":       {strings.NewReader("RIFF\x10\x00\x00\x00WEBPVP8 "), "files.kind"},
		"heic":       {strings.NewReader("\x00\x00\x00\x18ftypheic\x00"), "files.kind"},
		"xls":        {strings.NewReader("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "files.kind"},
		"html":       {strings.NewReader("<!doctype html><script>1</script>"), "files.kind"},
		"svg":        {strings.NewReader(`<?xml version="1.0"?><svg xmlns="x"/>`), "files.kind"},
		"program":    {strings.NewReader("MZ\x90\x00"), "files.kind"},
		"binary":     {bytes.NewReader([]byte{1, 2, 3, 0xff, 0xfe, 0}), "files.kind"},
		"empty":      {strings.NewReader(""), "files.kind"},
		"zip":        {bytes.NewReader(archive(t, "a.txt")), "files.kind"},
		"broken zip": {strings.NewReader("PK\x03\x04 and no more"), "files.kind"},
		"macros": {bytes.NewReader(archive(t, "xl/workbook.xml", "xl/vbaProject.bin")),
			"files.macros"},
		"zip bomb":        {bytes.NewReader(bomb(t)), "files.unpacked"},
		"cut photo":       {bytes.NewReader(cut[:len(cut)/2]), "files.picture"},
		"photo of text":   {strings.NewReader("\xff\xd8\xff\xe0hello"), "files.picture"},
		"pixel bomb":      {bytes.NewReader(hugePNG(19_000, 19_000, 8, 6)), "files.pixels"},
		"deep pixel bomb": {bytes.NewReader(hugePNG(5_000, 5_000, 16, 6)), "files.pixels"},
		"long picture":    {bytes.NewReader(hugePNG(1<<30, 1, 8, 0)), "files.pixels"},
		"too large":       {io.LimitReader(endless{}, files.SizeMax+1), "files.size"},
		"long text":       {io.LimitReader(endless{}, 6<<20), "files.size"},
		"broken off":      {io.MultiReader(strings.NewReader("%PDF-"), broken{}), "files.broken_off"},
	} {
		if _, err := s.Put(t.Context(), name, c.content); !fault.HasKey(err, c.key) {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
	left := 0
	if err := filepath.WalkDir(s.Folder, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			left++
		}
		return err
	}); err != nil || left > 0 {
		t.Errorf("%d files are left behind, %v", left, err)
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'a'
	}
	return len(b), nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the network went") }

func TestTheScannerIsAsked(t *testing.T) {
	s := storetest.SQLite(t, []store.Part{files.Part()})
	for script, key := range map[string]string{"exit 0": "", "exit 1": "files.virus",
		"exit 2": "files.scan"} {
		command := filepath.Join(t.TempDir(), "scan")
		if err := os.WriteFile(command, []byte("#!/bin/sh\n[ -s \"$2\" ] || exit 9\n"+script+"\n"),
			0o700); err != nil {
			t.Fatal(err)
		}
		_, err := service(t, s, []string{command, "--quiet"}).Put(t.Context(), "a.txt",
			strings.NewReader("说明"))
		if key == "" && err != nil || key != "" && !fault.HasKey(err, key) {
			t.Errorf("%s: %v, want %q", script, err, key)
		}
	}
	_, err := service(t, s, []string{"/nowhere"}).Put(t.Context(), "a.txt", strings.NewReader("说明"))
	if !fault.HasKey(err, "files.scan") {
		t.Errorf("a scanner that is not there: %v", err)
	}
}

// TestNobodySeesWhatNobodyJudges: deny when unset, and by the owner's word.
func TestNobodySeesWhatNobodyJudges(t *testing.T) {
	each(t, func(t *testing.T, s *files.Service) {
		f := put(t, s, "a.txt", []byte("说明"), "asset/12")
		ctx := access.With(t.Context(), access.Actor{Account: 3})
		if _, err := s.See(ctx, f.Home, f.ID); !fault.HasKey(err, "files.absent") {
			t.Errorf("without a guard: %v", err)
		}
		s.Own("asset", func(_ context.Context, a access.Actor, _ files.File) error {
			if a.Account != 3 {
				return fault.New(fault.Forbidden, "access.forbidden")
			}
			return nil
		})
		if _, err := s.See(ctx, f.Home, f.ID); err != nil {
			t.Errorf("whom the owner lets: %v", err)
		}
		for _, a := range []access.Actor{{}, {Account: 4}} {
			if _, err := s.See(access.With(t.Context(), a), f.Home, f.ID); !fault.HasKey(err,
				"files.absent") {
				t.Errorf("%+v: %v", a, err)
			}
		}
		other := put(t, s, "a.txt", []byte("说明"), "assets/12")
		if _, err := s.See(ctx, other.Home, other.ID); !fault.HasKey(err, "files.absent") {
			t.Errorf("another subject with the same beginning: %v", err)
		}
	})
}

func TestVerifyNamesWhatIsGoneOrAltered(t *testing.T) {
	each(t, func(t *testing.T, s *files.Service) {
		kept := put(t, s, "a.txt", []byte("甲"), "asset/1")
		gone := put(t, s, "b.txt", []byte("乙"), "asset/1")
		altered := put(t, s, "c.txt", []byte("丙"), "asset/1")
		same := put(t, s, "d.txt", []byte("甲"), "asset/2")
		if kept.Hash != same.Hash {
			t.Error("the same bytes are kept twice")
		}
		for f, change := range map[string]func(string) error{
			gone.Hash:    os.Remove,
			altered.Hash: func(path string) error { return os.WriteFile(path, []byte("丁"), 0o600) },
		} {
			path, ok := s.Path(f)
			if !ok {
				t.Fatal(f)
			}
			if err := change(path); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Put(t.Context(), "e.txt", strings.NewReader("没有提交")); err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for _, f := range findings(t, s) {
			got[fmt.Sprint(f.Severity, " ", f.Key, f.Args)] = true
		}
		for _, want := range []string{fmt.Sprint("error files.verify.gone", []any{gone.Home, gone.ID}),
			fmt.Sprint("error files.verify.altered", []any{altered.Home, altered.ID}),
			"note files.orphans[1]"} {
			if !got[want] {
				t.Errorf("not found: %s in %v", want, got)
			}
		}
		if len(got) != 3 {
			t.Errorf("found %v", got)
		}
		if _, err := s.Open(gone); !fault.HasKey(err, "files.lost") {
			t.Errorf("opening what is gone: %v", err)
		}
	})
}

// TestTheSamePhotoFromManyHands arrives whole however it is interleaved.
func TestTheSamePhotoFromManyHands(t *testing.T) {
	s := service(t, storetest.SQLite(t, []store.Part{files.Part()}), nil)
	content := photo(t, 600, 400, &fuling)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if _, err := s.Put(context.Background(), "a.jpg", bytes.NewReader(content)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	put(t, s, "a.jpg", content, "asset/1")
	if all := findings(t, s); len(all) > 0 {
		t.Errorf("verify: %v", all)
	}
}

// FuzzPut: whatever arrives is kept or refused; nothing else happens, and no memory is taken for it.
func FuzzPut(f *testing.F) {
	f.Add(photo(f, 20, 10, &fuling))
	f.Add(smallPNG(f))
	f.Add(hugePNG(1<<20, 1<<20, 16, 6))
	f.Add(archive(f, "xl/workbook.xml"))
	f.Add([]byte("说明"))
	s := service(f, storetest.SQLite(f, []store.Part{files.Part()}), nil)
	f.Fuzz(func(t *testing.T, content []byte) {
		blob, err := s.Put(t.Context(), "a", bytes.NewReader(content))
		if code := fault.Of(err); err != nil && (code.Code == fault.Internal ||
			code.Code == fault.Unavailable) {
			t.Fatal(err)
		}
		if err == nil && blob.Size != int64(len(content)) {
			t.Errorf("%d bytes kept of %d", blob.Size, len(content))
		}
	})
}
