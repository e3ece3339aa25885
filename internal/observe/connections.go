package observe

// ModelConnectionOpened counts a new connection to a model server, until the function that it returns is called. The vendor is one of the few
// that the gateway knows.
func (m *Metrics) ModelConnectionOpened(vendor string) (closed func()) {
	open := m.connections.WithLabelValues(vendor)
	open.Inc()
	return open.Dec
}

// ModelConnectionUsed counts a request to a model server, and whether its connection was there already.
func (m *Metrics) ModelConnectionUsed(vendor string, reused bool) {
	m.connectionsUsed.WithLabelValues(vendor, yesNo(reused)).Inc()
}
