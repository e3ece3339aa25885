package proxy

// Refusal is why a request is not passed on. Its text is the contract's (spec/models-and-providers.md 14.1).
type Refusal int

// The refusals, in the order in which they are found.
const (
	PathNotAllowed  Refusal = iota // not one of the vendor's paths that clients may call
	NotJSON                        // also an empty body
	NoModel                        // the body names none, or is no object
	ModelNotAllowed                // not one of the models that clients may ask
	NoAPIKey                       // the gateway has no key for the vendor
)

func (r Refusal) Error() string {
	return [...]string{"Not found", "Invalid JSON", "Failed to extract model name", "Unsupported model", "API key not found"}[r]
}

// NotReadyError is what has to be seen to, usually by the operator, before requests can be passed on.
type NotReadyError struct {
	Detail string // for the client: what is missing, without secrets
	Err    error  // for the log; may be nil
}

func (e *NotReadyError) Error() string {
	if e.Err == nil {
		return e.Detail
	}
	return e.Detail + ": " + e.Err.Error()
}

func (e *NotReadyError) Unwrap() error { return e.Err }

// VendorError is a call without an answer: no connection, a time-out, a connection that broke, or an answer that cannot be passed back.
type VendorError struct{ Err error }

func (e *VendorError) Error() string { return e.Err.Error() }

func (e *VendorError) Unwrap() error { return e.Err }
