package middleware_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"

	"github.com/tokenward/tokenward/middleware"
)

// An API behind the gate. What its handlers see has been judged.
func Example() {
	secret, err := os.ReadFile("enforce-secret")
	if err != nil {
		log.Fatal(err)
	}
	guard, err := middleware.New(middleware.Config{
		Endpoint: "http://127.0.0.1:9443", Secret: strings.TrimSpace(string(secret)), API: "shop",
	})
	if err != nil {
		log.Fatal(err)
	}
	go guard.Follow(context.Background())

	mux := http.NewServeMux()
	mux.HandleFunc("GET /stores/{store}", func(w http.ResponseWriter, r *http.Request) {
		who, _ := middleware.FromContext(r.Context())
		fmt.Fprintf(w, "%s, for %s\n", r.PathValue("store"), who.Owner)
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", guard.Protect(mux)))
}

// A list of which everyone is shown their own rows. The operation is named in
// Config.FiltersLists.
func ExampleGuard_May() {
	var guard *middleware.Guard // made with FiltersLists: []string{"list-stores"}

	http.HandleFunc("GET /stores", func(w http.ResponseWriter, r *http.Request) {
		all := []string{"north", "south"}
		var targets []middleware.Target
		for _, name := range all {
			targets = append(targets, middleware.Target{Method: http.MethodGet, Path: "/stores/" + name})
		}
		may, err := guard.May(r.Context(), targets...)
		if err != nil {
			http.Error(w, "nobody can say who may see what", http.StatusServiceUnavailable)
			return
		}
		shown := []string{}
		for i, name := range all {
			if may[i] {
				shown = append(shown, name)
			}
		}
		json.NewEncoder(w).Encode(shown)
	})
}
