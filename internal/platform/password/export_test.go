package password

// ParsePHC reports whether a stored hash can be read.
func ParsePHC(text string) bool {
	_, _, _, ok := parsePHC(text)
	return ok
}
