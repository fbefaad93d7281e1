// Package browsing holds the tests that go through the pages as people do, in a browser: each level at a
// desk and on a phone, in both languages. It has nothing else.
package browsing
