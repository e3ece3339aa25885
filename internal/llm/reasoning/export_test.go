package reasoning

// Remembered is how many models a provider knows to begin inside a section.
func Remembered(p *Provider) int { return len(p.opened.places) }
