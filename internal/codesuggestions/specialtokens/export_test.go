package specialtokens

// Ends are the tokens that end an answer of a family.
func Ends(family string) (ends []string) {
	v := of(family)
	for _, t := range append(v.fim[:len(v.fim):len(v.fim)], v.other...) {
		if t.kind == end {
			ends = append(ends, t.text)
		}
	}
	return ends
}
