// Package mask hides the greater part of personal data: what a screen or a notice shows of a name,
// an identity number, a phone or an account before somebody gives a reason to see the whole.
//
// # Rules (rules-of-data.md §2)
//
//	name             张三 → 张*          王小明 → 王*明      欧阳建国 → 欧**国
//	identity number  500102199001011234 → 500102********1234, outside one's places 5****************4
//	phone            13812345678 → 138****5678
//	bank account     6222020200012345678 → **** 5678
//
// # Invariants
//
//  1. A mask never shows a value that is too short for its pattern: then everything is hidden.
//  2. A mask of a bank account does not tell its length; the others keep it, since the length of a
//     name or a number is no secret.
//  3. An empty value stays empty: nothing recorded looks other than something hidden.
//
// In notices of monitored households no identity number, phone or account stands at all, not even
// masked; those who write notices leave the fields out.
package mask

import "strings"

// Name hides all of a name but its first and last character; of two characters the last.
func Name(name string) string {
	runes := []rune(name)
	switch len(runes) {
	case 0:
		return ""
	case 1:
		return "*"
	case 2:
		return string(runes[0]) + "*"
	}
	return keep(runes, 1, 1)
}

// Resident hides the date of birth in an identity number of 18 (or 15) characters: what a person
// with duties at the place is shown.
func Resident(number string) string {
	runes := []rune(number)
	if len(runes) < 15 {
		return hide(runes)
	}
	return keep(runes, 6, 4)
}

// ResidentOutside hides all of an identity number but its first and last character: what a person
// with duties elsewhere is shown.
func ResidentOutside(number string) string {
	runes := []rune(number)
	if len(runes) < 15 {
		return hide(runes)
	}
	return keep(runes, 1, 1)
}

// Phone hides the middle of a mobile number, or all but the last four digits of a shorter one.
func Phone(number string) string {
	runes := []rune(number)
	switch {
	case len(runes) >= 11:
		return keep(runes, 3, 4)
	case len(runes) >= 7:
		return keep(runes, 0, 4)
	}
	return hide(runes)
}

// BankAccount shows the last four digits of an account of eight or more.
func BankAccount(number string) string {
	runes := []rune(number)
	switch {
	case len(runes) == 0:
		return ""
	case len(runes) < 8:
		return "****"
	}
	return "**** " + string(runes[len(runes)-4:])
}

// keep shows the first and last characters and a star for each one between.
func keep(runes []rune, first, last int) string {
	between := strings.Repeat("*", len(runes)-first-last)
	return string(runes[:first]) + between + string(runes[len(runes)-last:])
}

func hide(runes []rune) string { return strings.Repeat("*", len(runes)) }
