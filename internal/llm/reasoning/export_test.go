package reasoning

// Remembered is how many models a provider knows.
func Remembered(p *Provider) int { return len(p.memory.places) }
