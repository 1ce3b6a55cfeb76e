package growth

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/tokenward/tokenward/bench/load"
	"github.com/tokenward/tokenward/bench/measure"
	"github.com/tokenward/tokenward/bench/model"
	"github.com/tokenward/tokenward/bench/server"
)

// serve runs a server on the database: how long it takes to start, how long a list
// takes, and how much memory it needs before and after tokens are used.
func (w *world) serve() error {
	run, err := w.Start()
	if err != nil {
		return err
	}
	defer run.Stop()
	w.row.Started = float64(run.Took) / float64(time.Millisecond)
	if w.row.Resident, err = measure.Resident(run.PID); err != nil {
		return err
	}
	if err := w.lists(run.API); err != nil {
		return fmt.Errorf("list tokens: %w", err)
	}
	if err := w.use(run); err != nil {
		return fmt.Errorf("use tokens: %w", err)
	}
	w.row.InUse, err = measure.Resident(run.PID)
	return err
}

// lists reads a page of the first account's tokens again and again.
func (w *world) lists(addr string) error {
	r, err := http.NewRequest(http.MethodGet, "http://"+addr+"/client/v4/accounts/"+w.Account+"/tokens?per_page=50&page=2", nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+w.Secret)
	var took []float64
	for begun := time.Now(); len(took) < 10 || time.Since(begun) < w.budget; {
		start := time.Now()
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK {
			return fmt.Errorf("%d, %v", res.StatusCode, err)
		}
		took = append(took, float64(time.Since(start))/float64(time.Millisecond))
	}
	w.row.ListP50, w.row.ListP99 = measure.Quantile(took, .5), measure.Quantile(took, .99)
	return nil
}

// use has each working token ask once whether it may pass. The answer is no, for
// zones are not in this database; the token is looked up and kept nevertheless.
func (w *world) use(run *server.Running) error {
	questions := make([][]byte, w.row.Working)
	for n := range questions {
		questions[n] = fmt.Appendf(nil, "GET /forward-auth/nginx/v4 HTTP/1.1\r\nHost: tokenward\r\nX-Original-Method: %s\r\nX-Original-Uri: %s\r\n"+
			"X-Forwarded-For: %s\r\nAuthorization: Bearer %s\r\n\r\n", model.Method, model.Path(w.model.Zones()[0]), model.From, model.Imported(n))
	}
	asked := 0
	pool, err := load.Dial(run.Enforce, 8, load.HTTP(questions, func(a load.Answer) error {
		asked++
		if a.Status != http.StatusForbidden {
			return fmt.Errorf("answered %d", a.Status)
		}
		return nil
	}))
	if err != nil {
		return err
	}
	defer pool.Close()
	for asked < len(questions) {
		if _, err := pool.Run(100 * time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}
