package mail

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"
)

// server is an SMTP server on loopback that takes one mail.
type server struct {
	addr     string
	starttls *tls.Config // nil does not offer it
	auth     bool        // offers and wants PLAIN
	reject   string      // answers this to RCPT

	mail      chan string // what came after DATA
	signedIn  string      // user and password
	encrypted bool
}

func (s *server) start(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s.addr, s.mail = l.Addr().String(), make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		s.serve(conn)
	}()
}

func (s *server) serve(conn net.Conn) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	say := func(line string) { io.WriteString(conn, line+"\r\n") }
	say("220 test")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSpace(line)
		switch verb, rest, _ := strings.Cut(line, " "); strings.ToUpper(verb) {
		case "EHLO":
			say("250-test")
			if s.starttls != nil && !s.encrypted {
				say("250-STARTTLS")
			}
			if s.auth {
				say("250-AUTH PLAIN")
			}
			say("250 8BITMIME")
		case "STARTTLS":
			say("220 go on")
			conn = tls.Server(conn, s.starttls)
			r, s.encrypted = bufio.NewReader(conn), true
		case "AUTH":
			if !s.auth {
				say("502 nobody signs in here")
				continue
			}
			plain, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "PLAIN "))
			s.signedIn = strings.ReplaceAll(string(plain), "\x00", "|")
			say("235 welcome")
		case "RCPT":
			if s.reject != "" {
				say(s.reject)
				continue
			}
			say("250 ok")
		case "DATA":
			say("354 go on")
			s.mail <- readData(r)
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func readData(r *bufio.Reader) string {
	var b strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil || line == ".\r\n" {
			return b.String()
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
}

// certificate is a server's, and the roots that know it.
func certificate(t *testing.T) (*tls.Config, *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}},
		&tls.Config{RootCAs: roots, ServerName: "127.0.0.1"}
}

const subject, text = "Schöne Grüße", "Hello.\n\nFollow https://tokens.example.com/invitations/x\n.\nBye é\n"

func TestMailArrivesAsWritten(t *testing.T) {
	theirs, ours := certificate(t)
	for name, s := range map[string]*server{
		"plain on loopback":         {},
		"encrypted":                 {starttls: theirs},
		"encrypted, with a sign-in": {starttls: theirs, auth: true},
	} {
		t.Run(name, func(t *testing.T) {
			s.start(t)
			from := SMTP{Addr: s.addr, From: "Tokens <tokens@example.com>", TLS: ours}
			if s.auth {
				from.User, from.Password = "sender", "a pass word"
			}
			if err := from.Send(t.Context(), "alice@example.com", subject+"\r\nBcc: all@example.com", text); err != nil {
				t.Fatal(err)
			}
			m, err := mail.ReadMessage(strings.NewReader(<-s.mail))
			if err != nil {
				t.Fatal(err)
			}
			got, _ := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
			if !strings.HasPrefix(got, subject) || m.Header.Get("Bcc") != "" || m.Header.Get("To") != "<alice@example.com>" {
				t.Errorf("the header is %v", m.Header)
			}
			body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
			if err != nil || strings.ReplaceAll(string(body), "\r\n", "\n") != text {
				t.Errorf("the text is %q, %v", body, err)
			}
			if s.encrypted != (s.starttls != nil) || s.auth && s.signedIn != "|sender|a pass word" {
				t.Errorf("encrypted %v, signed in as %q", s.encrypted, s.signedIn)
			}
		})
	}
}

func TestMailThatDoesNotGoOutIsAnError(t *testing.T) {
	theirs, ours := certificate(t)
	for name, c := range map[string]struct {
		server server
		change func(*SMTP)
		to     string
	}{
		"nobody listens":             {change: func(s *SMTP) { s.Addr = "127.0.0.1:1" }},
		"no port":                    {change: func(s *SMTP) { s.Addr = "127.0.0.1" }},
		"the recipient is refused":   {server: server{reject: "550 who?"}},
		"the certificate is unknown": {server: server{starttls: theirs}, change: func(s *SMTP) { s.TLS = nil }},
		"nobody signs in there":      {change: func(s *SMTP) { s.User = "sender" }},
		"no address":                 {to: "alice@example.com\r\nRCPT TO:<all@example.com>"},
		"no sender":                  {change: func(s *SMTP) { s.From = "" }},
	} {
		t.Run(name, func(t *testing.T) {
			c.server.start(t)
			s := SMTP{Addr: c.server.addr, From: "tokens@example.com", TLS: ours}
			if c.change != nil {
				c.change(&s)
			}
			if c.to == "" {
				c.to = "alice@example.com"
			}
			if err := s.Send(t.Context(), c.to, subject, text); err == nil {
				t.Error("the mail counts as sent")
			}
		})
	}
}

// TestMailIsNotSentInTheClearToAnotherMachine: the offer of STARTTLS may have
// been taken out on the way.
func TestMailIsNotSentInTheClearToAnotherMachine(t *testing.T) {
	for host, want := range map[string]bool{"127.0.0.1": true, "::1": true, "localhost": true, "192.0.2.1": false, "mail.example.com": false, "": false} {
		if got := isLoopback(host); got != want {
			t.Errorf("%q counts as this machine: %v", host, got)
		}
	}
}
