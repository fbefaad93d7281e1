// Package identifier checks the two numbers everything else hangs on: the resident identity number
// (GB 11643-1999) of a person and the unified social credit code (GB 32100-2015) of an organisation.
//
// # Rules a public regex gets wrong
//
//   - The first six digits of an identity number need not exist in today's tables: people keep the
//     code of their first registration for life, and codes are abolished.
//   - The check character of a credit code is any of 31, not only a digit or X.
//   - An unknown type digit of a credit code is not an error: the table grows.
//
// Vectors (computed; birth year 1900, so nobody living): 500102190001010013 is a man,
// 420704190001010027 a woman, 50023519000101018X ends in X; N2500102MF0000013E is a village's
// collective economic organisation.
package identifier
