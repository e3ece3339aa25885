package troubleshoot

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// SigningKey says whether the gateway can issue tokens for editors and recognizes them. The function issues and verifies one; missing says
// that no key is set.
func SigningKey(missing bool, exchange func(context.Context) error) Check {
	return Check{Name: "signing-key", Title: "The gateway can issue tokens for editors", Find: func(ctx context.Context) Finding {
		if missing {
			return warned("there is no key to sign them with", "Editors then go through GitLab, which is slower. "+
				"Set AIGW_SELF_SIGNED_JWT__SIGNING_KEY to an RSA key in PEM: openssl genrsa 2048")
		}
		if err := exchange(ctx); err != nil {
			return failed(err.Error(), "Set AIGW_SELF_SIGNED_JWT__SIGNING_KEY to an RSA key in PEM with real line breaks: openssl genrsa 2048")
		}
		return passed("")
	}}
}

// TokenAccepted says whether the running gateway recognizes a token that was signed with the key of this environment. No model is asked:
// the body is one that a caller who was let in is refused for.
func TokenAccepted(client *http.Client, base string, credentials func(context.Context) (http.Header, error)) Check {
	check := Check{Name: "token", Title: "The running gateway accepts a token of its own", Needs: []string{"gateway", "signing-key"}}
	check.Find = func(ctx context.Context) Finding {
		header, err := credentials(ctx)
		if err != nil {
			return failed(err.Error(), "See the check of the signing key.")
		}
		status, detail, err := ask(ctx, client, http.MethodPost, base+"/v2/code/completions", header, strings.NewReader("{}"))
		seen := fmt.Sprintf("status %d, %s", status, detail)
		switch {
		case err != nil:
			return trouble(err, base)
		case status == http.StatusUnprocessableEntity:
			return passed("")
		case status == http.StatusUnauthorized, status == http.StatusForbidden:
			return failed(seen, "The running gateway has another AIGW_SELF_SIGNED_JWT__SIGNING_KEY or CLOUD_CONNECTOR_SERVICE_NAME than this "+
				"environment, or another clock. Restart it with these settings.")
		default:
			return failed(seen, "The gateway's log says more; look for the path /v2/code/completions.")
		}
	}
	return check
}

// refusedToken explains the reasons that verification gives.
const refusedToken = "\"Signature has expired\": get a fresh token. \"Invalid issuer\": it is of another GitLab than AIGW_GITLAB_URL. \"Invalid audience\": it is for " +
	"another service than CLOUD_CONNECTOR_SERVICE_NAME. \"not yet valid\": the clocks differ. Otherwise see the checks of the keys above."

// Exchange says whether the running gateway gives an editor's token for one of GitLab, whose headers these are. When it refuses, verify says why
// a gateway with these settings does.
func Exchange(client *http.Client, base string, credentials func() (http.Header, error), verify func(context.Context, http.Header) error) Check {
	check := Check{Name: "exchange", Title: "The running gateway exchanges the token of GitLab", Needs: []string{"gateway"}}
	check.Find = func(ctx context.Context) Finding {
		header, err := credentials()
		if err != nil {
			return failed(err.Error(), "Pass the token that GitLab sends as bearer token: three parts with dots between them.")
		}
		status, detail, err := ask(ctx, client, http.MethodPost, base+"/v1/code/user_access_token", header, nil)
		seen := fmt.Sprintf("status %d, %s", status, detail)
		switch {
		case err != nil:
			return trouble(err, base)
		case status == http.StatusOK:
			return passed("")
		case status == http.StatusUnauthorized:
			if err := verify(ctx, header); err != nil {
				seen += ": " + err.Error()
			}
			return failed(seen, refusedToken)
		case status == http.StatusForbidden:
			return failed(seen, "The token does not allow code completions. Check the Duo seats of the user in GitLab.")
		case status == http.StatusInternalServerError:
			return failed(seen, "The gateway has no usable AIGW_SELF_SIGNED_JWT__SIGNING_KEY.")
		default:
			return failed(seen, "The gateway's log says more; look for the path /v1/code/user_access_token.")
		}
	}
	return check
}
