// Command shop is a toy API that knows nothing of tokens. It believes what the
// headers Tokenward-... say, so nothing but the proxy may reach it.
package main

import (
	"encoding/json"
	"flag"
	"log"
	"net/http"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:9000", "address to listen on")
	flag.Parse()
	log.Fatal(http.ListenAndServe(*listen, newShop()))
}

// newShop answers every request with what it saw of it.
func newShop() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", saw)
	mux.HandleFunc("GET /stores", saw)
	mux.HandleFunc("GET /stores/{store}", saw)
	mux.HandleFunc("PUT /stores/{store}", saw)
	mux.HandleFunc("GET /stores/{store}/products/{product}", saw)
	mux.HandleFunc("POST /moves", saw)
	return mux
}

func saw(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]string{
		"request": r.Method + " " + r.URL.Path,
		"token":   r.Header.Get("Tokenward-Token-Name"),
		"owner":   r.Header.Get("Tokenward-Owner"),
		"account": r.Header.Get("Tokenward-Account"),
	})
}
