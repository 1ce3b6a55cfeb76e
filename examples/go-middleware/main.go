// Command go-middleware is a toy API that protects itself: tokenward's gate is in
// front of its own handlers, in its own process.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"log"
	"log/slog"
	"net/http"
	"os"
	"strings"

	"github.com/tokenward/tokenward/middleware"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8080", "address to listen on")
	endpoint := flag.String("endpoint", "http://127.0.0.1:9443", "tokenward's enforcement endpoint")
	secretFile := flag.String("secret-file", "enforce-secret", "file with the endpoint's secret")
	flag.Parse()
	secret, err := os.ReadFile(*secretFile)
	if err != nil {
		log.Fatal(err)
	}
	guard, err := middleware.New(middleware.Config{
		Endpoint: *endpoint, Secret: strings.TrimSpace(string(secret)), API: "toyshop", FiltersLists: []string{"list-stores"}, Logger: slog.Default(),
	})
	if err != nil {
		log.Fatal(err)
	}
	go guard.Follow(context.Background())
	log.Fatal(http.ListenAndServe(*listen, guard.Protect(newShop(guard))))
}

// newShop is the API: it knows whose requests it has, and shows of its list what
// the caller may see.
func newShop(guard *middleware.Guard) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) { answer(w, "ok") })
	mux.HandleFunc("GET /stores/{store}", func(w http.ResponseWriter, r *http.Request) {
		who, _ := middleware.FromContext(r.Context())
		answer(w, map[string]string{"store": r.PathValue("store"), "owner": who.Owner, "token": who.TokenName})
	})
	mux.HandleFunc("GET /stores", func(w http.ResponseWriter, r *http.Request) {
		all := []string{"north", "south"}
		var rows []middleware.Target
		for _, id := range all {
			rows = append(rows, middleware.Target{Method: http.MethodGet, Path: "/stores/" + id})
		}
		may, err := guard.May(r.Context(), rows...)
		if err != nil {
			http.Error(w, "try again", http.StatusServiceUnavailable)
			return
		}
		shown := []string{}
		for i, id := range all {
			if may[i] {
				shown = append(shown, id)
			}
		}
		answer(w, map[string][]string{"stores": shown})
	})
	return mux
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}
