// Package rating is the evaluation of places (评价): indices by published methods, each run with its data,
// its chain of methods and what it changed, so that a score can be explained down to the figure.
//
// The arithmetic stands in the folders below, all of it pure: frame (the table), statistic, score (scheme,
// steps, hierarchy), weighting, choice, relation, disparity, space, audit, path. This package lends them to
// people: as commands that need no database.
//
// # Invariants
//
//  1. A run reads files, writes files into the folder it is told, and touches nothing else.
//  2. The same files, scheme and seed give the same bytes, on any machine and number of processors.
//  3. Every change of a cell stands in changes.csv with its step and reason; scores.csv follows from
//     normalised.csv and the weights alone.
//  4. A relation (terrace rating relation) computes every time of its data by itself; an area without a
//     figure is refused, or left out by choice and listed.
//  5. Whatever is wrong in a file is told with file, row and column, all of it at once.
//
// # Example
//
//	terrace rating run --coin iData.csv iMeta.csv --out result \
//	    --denominate --impute mean:EurAsia_group --screen 0.9 --treat winsorise \
//	    --normalise minmax:0:100 --weights given --aggregate amean
//	terrace rating explain AUT scheme.yaml data.csv
//	terrace rating compare scheme.yaml data.csv --with "normalise=zscore;weights=entropy"
//	terrace rating optimise scheme.yaml data.csv --level 3 --targets Conn=2,Sust=1 --out better
//	terrace rating relation disparity data.csv --value income --weight people --group province
//	terrace rating sensitivity scheme.yaml data.csv --vary weights=0.25 --vary aggregate=amean/gmean
package rating
