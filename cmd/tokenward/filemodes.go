package main

import (
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
)

// warnOfReaders says which of the files that hold what must be kept other users
// of the machine can read or write. It is a warning, not a refusal: who copies a
// folder with its modes lost should not lose the service too.
func warnOfReaders(cfg *serveConfig, log *slog.Logger) {
	for _, path := range []string{cfg.DataDir, filepath.Join(cfg.DataDir, databaseFile), filepath.Join(cfg.DataDir, bootstrapFile), cfg.SecretKeyFile} {
		info, err := os.Stat(path)
		if err != nil {
			continue // what is not there nobody can read; opening says the rest
		}
		if m := info.Mode().Perm(); m&0o077 != 0 {
			log.Warn("other users of this machine can get at a file of tokenward", "file", path, "mode", m, "want", wantMode(info))
		}
	}
}

func wantMode(info fs.FileInfo) fs.FileMode {
	if info.IsDir() {
		return 0o700
	}
	return 0o600
}
