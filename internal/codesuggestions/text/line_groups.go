package text

// CommonLineGroups finds the lines of target that also stand in source, and puts those into one group whose counterparts follow
// each other in source (spec/code-suggestions.md 7.5). Groups hold indexes of target, from 0.
//
// The counterpart of a line is where the longest run of equal lines that ends in it first ends in source. A lone match
// prefers a counterpart whose next line equals the next line too. Unmatched lines of target may lie between the members of a group.
//
// Time and memory are linear in the number of lines, but for a logarithm. With the matrix of the specification they are quadratic: a
// prompt and an answer of nothing but line feeds would take minutes.
func CommonLineGroups(source, target []string) [][]int {
	var groups [][]int
	previous := 0
	for j, row := range counterparts(source, target) {
		if row == noRow {
			continue
		}
		if len(groups) == 0 || row != previous+1 {
			groups = append(groups, nil)
		}
		last := len(groups) - 1
		groups[last] = append(groups[last], j)
		previous = row
	}
	return groups
}

const noRow = -1

// counterparts maps each line of target to its row in source, or to noRow.
func counterparts(source, target []string) []int {
	matches := longestMatches(source, target)
	rows := make([]int, len(target))
	for j := len(target) - 1; j >= 0; j-- {
		switch m := matches[j]; {
		case m.length == 0:
			rows[j] = noRow
		case m.length == 1 && j+1 < len(target) && matches[j+1].length == 2:
			rows[j] = rows[j+1] - 1 // the only longer run that starts here is this pair
		default:
			rows[j] = m.row
		}
	}
	return rows
}
