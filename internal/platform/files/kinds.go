package files

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	utf16 "golang.org/x/text/encoding/unicode"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// The kinds of file that are taken.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
	PDF  = "application/pdf"
	XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	CSV  = "text/csv"
	TXT  = "text/plain"
)

// sizesMax is how many bytes a file of a kind may have.
var sizesMax = map[string]int64{JPEG: 20 << 20, PNG: 20 << 20, PDF: 50 << 20, XLSX: 20 << 20,
	DOCX: 20 << 20,
	CSV:  20 << 20, TXT: 5 << 20}

// SizeMax is the number of bytes that any file may have: the limit of routes that take one.
const SizeMax = 50 << 20

// endings are the endings of names, by kind.
var endings = map[string]string{JPEG: ".jpg", PNG: ".png", PDF: ".pdf", XLSX: ".xlsx", DOCX: ".docx",
	CSV: ".csv", TXT: ".txt"}

// IsPicture reports whether the kind has a thumbnail.
func IsPicture(kind string) bool { return kind == JPEG || kind == PNG }

// content is a file that can be looked at anywhere.
type content interface {
	io.ReaderAt
	io.ReadSeeker
}

// headSize is how much of a file is looked at to tell its kind and read what a camera wrote.
const headSize = 256 << 10

// kindOf tells the kind of a file from its content. The name decides only between the two kinds of plain
// text, which are handled alike.
func kindOf(name string, head []byte, size int64, file content) (string, error) {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return JPEG, nil
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return PNG, nil
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return PDF, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return officeKind(size, file)
	}
	if other := refusedKind(head); other != "" {
		return "", fault.New(fault.Unsupported, "files.kind", other)
	}
	if err := plainText(file); err != nil {
		return "", err
	}
	if strings.HasSuffix(strings.ToLower(name), ".csv") {
		return CSV, nil
	}
	return TXT, nil
}

// refused are beginnings of files that people send and we do not take, under the name they know.
var refused = []struct {
	at          int
	begin, name string
}{
	{8, "WEBP", "WebP"}, {4, "ftypheic", "HEIC"}, {4, "ftypheix", "HEIC"}, {4, "ftypmif1", "HEIC"},
	{4, "ftyp", "MP4"}, {0, "GIF8", "GIF"}, {0, "BM", "BMP"}, {0, "II*\x00", "TIFF"},
	{0, "MM\x00*", "TIFF"}, {0, "\xd0\xcf\x11\xe0", "XLS/DOC"}, {0, "Rar!", "RAR"}, {0, "7z\xbc\xaf", "7Z"},
	{0, "\x1f\x8b", "GZIP"}, {0, "MZ", "EXE"}, {0, "\x7fELF", "ELF"},
}

func refusedKind(head []byte) string {
	for _, r := range refused {
		if len(head) >= r.at+len(r.begin) && string(head[r.at:r.at+len(r.begin)]) == r.begin {
			return r.name
		}
	}
	switch kind := http.DetectContentType(head); {
	case strings.HasPrefix(kind, "text/html"), strings.HasPrefix(kind, "text/xml"):
		return "HTML/XML"
	case len(head) == 0:
		return "0 B"
	}
	return ""
}

// Limits of a packed document.
const (
	entriesMax  = 10_000
	unpackedMax = 512 << 20 // bytes as its directory tells
)

// officeKind tells XLSX and DOCX from their directory, and refuses macros and bombs.
func officeKind(size int64, file io.ReaderAt) (string, error) {
	archive, err := zip.NewReader(file, size)
	if err != nil || len(archive.File) > entriesMax {
		return "", fault.New(fault.Unsupported, "files.kind", "ZIP").Because(err)
	}
	kind, unpacked := "", uint64(0)
	for _, f := range archive.File {
		unpacked += f.UncompressedSize64
		switch {
		case f.Name == "xl/workbook.xml":
			kind = XLSX
		case f.Name == "word/document.xml":
			kind = DOCX
		case strings.HasSuffix(strings.ToLower(f.Name), "vbaproject.bin"):
			return "", fault.New(fault.Unsupported, "files.macros")
		}
		if unpacked > unpackedMax {
			return "", fault.New(fault.TooLarge, "files.unpacked", unpackedMax>>20)
		}
	}
	if kind == "" {
		return "", fault.New(fault.Unsupported, "files.kind", "ZIP")
	}
	return kind, nil
}

// plainText makes sure that a file is text in UTF-8, GB 18030, or UTF-16 with its mark, as spreadsheet
// programs write “Unicode text”.
func plainText(file content) error {
	wide := utf16.UTF16(utf16.LittleEndian, utf16.ExpectBOM)
	for _, one := range []encoding.Encoding{nil, simplifiedchinese.GB18030, wide} {
		if readable(file, one) {
			return nil
		}
	}
	return fault.New(fault.Unsupported, "files.kind", "?")
}

// readable reads a file as text and looks for what text does not hold: bytes that are no character, and
// control characters. The encoding is UTF-8 if none is given.
func readable(file content, written encoding.Encoding) bool {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return false
	}
	var source io.Reader = file
	if written != nil {
		source = written.NewDecoder().Reader(file)
	}
	text := bufio.NewReaderSize(source, 64<<10)
	for {
		r, size, err := text.ReadRune()
		switch {
		case err != nil:
			return errors.Is(err, io.EOF)
		case r == utf8.RuneError && (written != nil || size == 1):
			return false
		case unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t':
			return false
		}
	}
}
