package mail

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/smtp"
	"strings"
	"time"
)

// SMTP is a mail server to send by.
type SMTP struct {
	Addr string // host:port
	From string // address of the sender, perhaps with a name: "Tokens <tokens@example.com>"

	// User and Password sign in to the server; without User nobody does.
	User, Password string

	// TLS is for STARTTLS; nil verifies the host of Addr with the system's roots.
	TLS *tls.Config
}

// Send hands a mail to the server. It is encrypted by STARTTLS (RFC 3207)
// wherever the server offers that, and a server elsewhere than on this machine
// has to: mail carries links that set passwords, and whoever reads along on the
// way could use them, or take the offer out of the answer.
func (s *SMTP) Send(ctx context.Context, to, subject, text string) error {
	from, err := mail.ParseAddress(s.From)
	if err != nil {
		return fmt.Errorf("the sender %q: %w", s.From, err)
	}
	rcpt, err := mail.ParseAddress(to)
	if err != nil {
		return fmt.Errorf("the recipient: %w", err)
	}
	message, err := compose(from, rcpt, subject, text, time.Now())
	if err != nil {
		return err
	}
	c, err := s.dial(ctx)
	if err != nil {
		return fmt.Errorf("reach the mail server %s: %w", s.Addr, err)
	}
	defer c.Close()
	if err := s.deliver(c, from.Address, rcpt.Address, message); err != nil {
		return fmt.Errorf("send by the mail server %s: %w", s.Addr, err)
	}
	return nil
}

// dial connects, and breaks the connection off when ctx ends.
func (s *SMTP) dial(ctx context.Context) (*smtp.Client, error) {
	host, _, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return nil, err
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.Addr)
	if err != nil {
		return nil, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	c, err := smtp.NewClient(conn, host)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return c, nil
}

func (s *SMTP) deliver(c *smtp.Client, from, to string, message []byte) error {
	if err := s.encrypt(c); err != nil {
		return err
	}
	if s.User != "" {
		host, _, _ := net.SplitHostPort(s.Addr)
		if err := c.Auth(smtp.PlainAuth("", s.User, s.Password, host)); err != nil {
			return err
		}
	}
	if err := c.Mail(from); err != nil {
		return err
	}
	if err := c.Rcpt(to); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(message); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Quit()
}

func (s *SMTP) encrypt(c *smtp.Client) error {
	host, _, _ := net.SplitHostPort(s.Addr)
	if ok, _ := c.Extension("STARTTLS"); ok {
		cfg := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
		if s.TLS != nil {
			cfg = s.TLS
		}
		return c.StartTLS(cfg)
	}
	if !isLoopback(host) {
		return errors.New("the server does not offer STARTTLS, and mail to it would be readable on the way")
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// compose writes a message (RFC 5322). Header fields cannot be added by way of a
// subject or an address: those are encoded.
func compose(from, to *mail.Address, subject, text string, now time.Time) ([]byte, error) {
	var b strings.Builder
	_, host, _ := strings.Cut(from.Address, "@")
	for _, f := range [][2]string{
		{"From", from.String()}, {"To", to.String()}, {"Subject", mime.QEncoding.Encode("utf-8", oneLine(subject))},
		{"Date", now.Format(time.RFC1123Z)}, {"Message-ID", "<" + rand.Text() + "@" + host + ">"},
		{"MIME-Version", "1.0"}, {"Content-Type", "text/plain; charset=utf-8"}, {"Content-Transfer-Encoding", "quoted-printable"},
		{"Auto-Submitted", "auto-generated"}, // RFC 3834, 5: nobody's holiday note answers
	} {
		b.WriteString(f[0] + ": " + f[1] + "\r\n")
	}
	b.WriteString("\r\n")
	w := quotedprintable.NewWriter(&b)
	if _, err := w.Write([]byte(strings.ReplaceAll(text, "\n", "\r\n"))); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return []byte(b.String()), nil
}

func oneLine(s string) string { return strings.NewReplacer("\r", " ", "\n", " ").Replace(s) }
