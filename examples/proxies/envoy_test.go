package proxies_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	bootstrapv3 "github.com/envoyproxy/go-control-plane/envoy/config/bootstrap/v3"
	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	authzv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/ext_authz/v3"
	routerv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/router/v3"
	managerv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	protocolv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/upstreams/http/v3"
	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	typev3 "github.com/envoyproxy/go-control-plane/envoy/type/v3"
	"go.yaml.in/yaml/v4"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	"github.com/tokenward/tokenward/internal/enforcetest"
)

// envoy is what the test reads of envoy.yaml, by the types that Envoy reads it by.
type envoy struct {
	bootstrapv3.Bootstrap
	manager managerv3.HttpConnectionManager
	authz   authzv3.ExtAuthz
	route   authzv3.ExtAuthzPerRoute
}

const authzFilter = "envoy.filters.http.ext_authz"

// readEnvoy reads a configuration. A field that Envoy does not have is an error.
func readEnvoy(text []byte) (*envoy, error) {
	var document any
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	asJSON, err := json.Marshal(document)
	if err != nil {
		return nil, err
	}
	e := new(envoy)
	if err := protojson.Unmarshal(asJSON, &e.Bootstrap); err != nil {
		return nil, err
	}
	if err := e.ValidateAll(); err != nil {
		return nil, err
	}
	parts := []part{{e.StaticResources.Listeners[0].FilterChains[0].Filters[0].GetTypedConfig(), &e.manager}}
	for _, c := range e.StaticResources.Clusters {
		for _, options := range c.TypedExtensionProtocolOptions {
			parts = append(parts, part{options, new(protocolv3.HttpProtocolOptions)})
		}
	}
	if err := unpack(parts); err != nil {
		return nil, err
	}
	filters := e.manager.HttpFilters
	return e, unpack([]part{
		{filters[0].GetTypedConfig(), &e.authz}, {filters[1].GetTypedConfig(), new(routerv3.Router)},
		{e.manager.GetRouteConfig().VirtualHosts[0].TypedPerFilterConfig[authzFilter], &e.route},
	})
}

// part is a piece of a configuration that names its own type.
type part struct {
	of   *anypb.Any
	into interface {
		proto.Message
		ValidateAll() error
	}
}

func unpack(parts []part) error {
	for _, p := range parts {
		if err := p.of.UnmarshalTo(p.into); err != nil {
			return err
		}
		if err := p.into.ValidateAll(); err != nil {
			return err
		}
	}
	return nil
}

func envoyFile(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("envoy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestEnvoysFileFailsClosed: Envoy does not run here. Its file must be one by Envoy's
// own types, and say what keeps requests from passing unjudged.
func TestEnvoysFileFailsClosed(t *testing.T) {
	text := envoyFile(t)
	e, err := readEnvoy(text)
	if err != nil {
		t.Fatal(err)
	}
	manager, authz := &e.manager, &e.authz
	for what, ok := range map[string]bool{
		"errors let pass":                  !authz.FailureModeAllow && !authz.ShadowMode && authz.FilterEnabled == nil,
		"an error is not a 503":            authz.StatusOnError.GetCode() == typev3.StatusCode_ServiceUnavailable,
		"another version of the service":   authz.TransportApiVersion == corev3.ApiVersion_V3,
		"headers are kept from the judge":  authz.AllowedHeaders == nil && authz.DisallowedHeaders == nil,
		"lines are joined":                 authz.EncodeRawHeaders,
		"another cluster is asked":         authz.GetGrpcService().GetEnvoyGrpc().GetClusterName() == "tokenward",
		"the filter is not the first one":  manager.HttpFilters[0].Name == authzFilter && !manager.HttpFilters[0].IsOptional && !manager.HttpFilters[0].Disabled,
		"paths are not normalised":         manager.GetNormalizePath().GetValue() && manager.MergeSlashes,
		"escaped slashes pass":             manager.PathWithEscapedSlashesAction == managerv3.HttpConnectionManager_REJECT_REQUEST,
		"headers with underscores pass":    manager.GetCommonHttpProtocolOptions().GetHeadersWithUnderscoresAction() == corev3.HttpProtocolOptions_REJECT_REQUEST,
		"the peer's address is not added":  manager.GetUseRemoteAddress().GetValue(),
		"the filter is off for some route": !e.route.GetDisabled() && e.route.GetCheckSettings().GetContextExtensions()["catalog"] == enforcetest.API,
	} {
		if !ok {
			t.Errorf("envoy.yaml: %s", what)
		}
	}
	for _, host := range manager.GetRouteConfig().VirtualHosts {
		for _, r := range host.Routes {
			if len(r.TypedPerFilterConfig) > 0 {
				t.Errorf("the route %v has its own way", r.Match)
			}
		}
	}
	for _, field := range []string{"failure_mode_allow", "normalize_path", "headers_with_underscores_action", "context_extensions", "http2_protocol_options"} {
		if _, err := readEnvoy([]byte(strings.Replace(string(text), field, field+"s", 1))); err == nil {
			t.Errorf("%s can be mistyped", field)
		}
	}
}

// TestTheServiceUnderstandsWhatEnvoysFileAsks: the questions of an Envoy with that
// file, over gRPC.
func TestTheServiceUnderstandsWhatEnvoysFileAsks(t *testing.T) {
	e, err := readEnvoy(envoyFile(t))
	if err != nil {
		t.Fatal(err)
	}
	w := enforcetest.New(t)
	conn, err := grpc.NewClient(w.ServeExtAuthz(""), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	cluster := e.StaticResources.Clusters[0]
	health, err := healthv1.NewHealthClient(conn).Check(t.Context(), &healthv1.HealthCheckRequest{Service: cluster.HealthChecks[0].GetGrpcHealthCheck().ServiceName})
	if err != nil || health.Status != healthv1.HealthCheckResponse_SERVING {
		t.Errorf("health: %v %v", health, err)
	}
	secret := w.Issue("north", "Stores Read", "north").Secret
	for target, want := range map[string]typev3.StatusCode{"/stores/north?x=1": typev3.StatusCode_OK, "/stores/south": typev3.StatusCode_Forbidden, "/nowhere": typev3.StatusCode_NotFound} {
		r, err := authv3.NewAuthorizationClient(conn).Check(t.Context(), &authv3.CheckRequest{Attributes: &authv3.AttributeContext{
			ContextExtensions: e.route.GetCheckSettings().ContextExtensions,
			Request: &authv3.AttributeContext_Request{Http: &authv3.AttributeContext_HttpRequest{
				Method: "GET", Path: target,
				HeaderMap: &corev3.HeaderMap{Headers: []*corev3.HeaderValue{{Key: ":path", RawValue: []byte(target)}, {Key: "authorization", RawValue: []byte("Bearer " + secret)}}},
			}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		got := typev3.StatusCode_OK
		if r.GetOkResponse() == nil || r.Status.Code != 0 {
			got = r.GetDeniedResponse().GetStatus().GetCode()
		}
		if got != want {
			t.Errorf("%s: %s, want %s", target, got, want)
		}
	}
}
