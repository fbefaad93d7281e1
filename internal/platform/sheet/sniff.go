package sheet

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Upload is a file to read.
type Upload struct {
	Name    string // as the person called it; for messages only
	Content io.ReaderAt
	Size    int64 // bytes
}

// sniffed is how much of a file's beginning tells its kind, in bytes.
const sniffed = 4096

// signatures tell kinds of files by their first bytes. What is named here is refused by name.
var signatures = []struct{ begins, kind string }{
	{"%PDF", "pdf"},
	{"\x89PNG", "image"}, {"\xff\xd8\xff", "image"}, {"GIF8", "image"}, {"BM", "image"}, {"II*\x00",
		"image"},
	{"Rar!", "archive"}, {"7z\xbc\xaf", "archive"}, {"\x1f\x8b", "archive"},
	{"{\\rtf", "text_document"},
	{"MIME-Version:", "web_page"},
	{"SQLite format 3", "database"},
	{"\x7fELF", "program"}, {"MZ", "program"},
}

// marks tell kinds of text files by words near their beginning, in lower case.
var marks = []struct{ has, kind string }{
	{"urn:schemas-microsoft-com:office:spreadsheet", "xml_table"},
	{"<!doctype html", "web_page"}, {"<html", "web_page"}, {"<table", "web_page"},
	{"<?xml", "xml"},
}

// kindOf tells what a file is: "zip", "text", or the name of a kind that is refused.
func (u Upload) kind() (string, error) {
	head := make([]byte, min(sniffed, u.Size))
	if _, err := u.Content.ReadAt(head, 0); err != nil && err != io.EOF {
		return "", fault.New(fault.Invalid, "sheet.broken", u.Name).Because(err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return "zip", nil
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return u.compound()
	}
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.begins)) && (s.kind != "image" || bytes.IndexByte(head, 0) >= 0) {
			return s.kind, nil
		}
	}
	for _, mark := range []string{"\ufeff", "\xff\xfe", "\xfe\xff"} {
		head = bytes.TrimPrefix(head, []byte(mark))
	}
	lower := strings.ToLower(string(bytes.ReplaceAll(head, []byte{0}, nil))) // UTF-16 too
	if strings.HasPrefix(strings.TrimSpace(lower), "<") {
		for _, m := range marks {
			if strings.Contains(lower, m.has) {
				return m.kind, nil
			}
		}
	}
	return "text", nil
}

// streams tell what an OLE compound file is by the names of its streams, which stand in it in UTF-16.
var streams = []struct{ name, kind string }{
	{"EncryptedPackage", "encrypted"}, {"WordDocument", "text_document"}, {"Workbook", "old_workbook"},
	{"Book", "old_workbook"},
}

// compound looks for the names of the streams of an OLE file: an old .xls, a WPS .et, a Word document
// or a workbook locked with a password.
func (u Upload) compound() (string, error) {
	window := make([]byte, 64<<10)
	found := "old_document"
	rank := len(streams)
	const overlap = 64 // bytes, longer than any name
	for at := int64(0); at < u.Size; at += int64(len(window) - overlap) {
		n, err := u.Content.ReadAt(window, at)
		if err != nil && err != io.EOF {
			return "", fault.New(fault.Invalid, "sheet.broken", u.Name).Because(err)
		}
		for i, s := range streams[:rank] {
			if bytes.Contains(window[:n], wide(s.name)) {
				found, rank = s.kind, i
				break
			}
		}
	}
	return found, nil
}

// wide writes ASCII as UTF-16, little-endian.
func wide(s string) []byte {
	out := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		out = append(out, s[i], 0)
	}
	return out
}

// zipKind tells what a ZIP file is by its parts: "workbook", or the name of a kind that is refused.
func zipKind(parts []*zip.File) string {
	kind := "archive"
	for _, f := range parts {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		switch {
		case strings.HasSuffix(name, "vbaproject.bin"):
			return "macro_workbook"
		case name == "xl/workbook.bin":
			return "binary_workbook"
		case name == "xl/workbook.xml":
			kind = "workbook"
		case strings.HasPrefix(name, "word/"), strings.HasPrefix(name, "ppt/"):
			kind = "text_document"
		case name == "content.xml" && kind == "archive":
			kind = "open_document"
		}
	}
	return kind
}

// notATable is the refusal of a file that is something else, by what it is.
func (u Upload) notATable(kind string) error {
	return fault.New(fault.Unsupported, "sheet.not_a_table", u.Name, locale.Word("sheet.kind."+kind))
}
