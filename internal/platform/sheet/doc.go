// Package sheet reads and writes workbooks (XLSX) and CSV files.
package sheet
