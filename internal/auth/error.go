package auth

// The texts that a 401 shows to a client (spec/auth.md 19.2). They never tell why a token is no good; the log does.
const (
	textNoHeader  = "No authorization header presented"
	textBadHeader = "Invalid authorization header"
	textWrongType = "Invalid authentication token type - only OIDC is supported"
	textForbidden = "Forbidden by auth provider"
)

func textMismatch(header string) string { return "Header mismatch '" + header + "'" }

// Error refuses a request with a 401. Besides the answer it holds what the access log wants to know (spec/auth.md 4).
type Error struct {
	Text     string // the answer's "error", and auth_error_details
	Examined bool   // whether a token got as far as being looked at; without that there is no token_issuer in the log
	Issuer   string // token_issuer; empty unless the token is good and only a header is wrong
	Realm    string // gitlab_realm, if not empty; as Issuer
	Err      error  // why the token is no good, already logged; nil when Text says it all
}

func (e *Error) Error() string {
	if e.Err == nil {
		return e.Text
	}
	return e.Text + ": " + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// cause is why a token was refused, in the words and classes that operators know from the log (spec/auth.md 7.1). It quotes nothing of
// the token.
type cause struct{ class, text string }

func (c *cause) Error() string { return c.text }

var (
	errTooLong    = &cause{"JWTError", "Token is too long"}
	errSegments   = &cause{"JWTError", "Not enough segments"}
	errEncoding   = &cause{"JWTError", "Invalid base64 in token"}
	errHeader     = &cause{"JWTError", "Invalid header string: must be a json object"}
	errPayload    = &cause{"JWTError", "Invalid payload string: must be a json object"}
	errAlgorithm  = &cause{"JWTError", "The specified alg value is not allowed"}
	errExtension  = &cause{"JWTError", "Unsupported critical header"}
	errSignature  = &cause{"JWTError", "Signature verification failed."}
	errKey        = &cause{"CriticalAuthError", "No keys found to verify the token"}
	errExpired    = &cause{"ExpiredSignatureError", "Signature has expired."}
	errExpiry     = &cause{"JWTClaimsError", "Expiration Time claim (exp) must be an integer"}
	errNotBefore  = &cause{"JWTClaimsError", "Not Before claim (nbf) must be an integer"}
	errNotYet     = &cause{"JWTClaimsError", "The token is not yet valid (nbf)"}
	errIssuedAt   = &cause{"JWTClaimsError", "Issued At claim (iat) must be an integer"}
	errAudience   = &cause{"JWTClaimsError", "Invalid audience"}
	errIssuer     = &cause{"JWTClaimsError", "Invalid issuer"}
	errSubject    = &cause{"JWTClaimsError", "Subject must be a string"}
	errTokenID    = &cause{"JWTClaimsError", "JWT ID must be a string"}
	errAccessHash = &cause{"JWTClaimsError", "at_hash claim is not supported"}
	errScopes     = &cause{"JWTClaimsError", "Scopes must be a list"}
)
