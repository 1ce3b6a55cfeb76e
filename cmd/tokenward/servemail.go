package main

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"os"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/mail"
)

// readMail reads the flags of the mail server, which belong together.
func (f *serveFlags) readMail(c *serveConfig) error {
	s := mail.SMTP{Addr: string(f.smtpAddr), From: string(f.smtpFrom), User: string(f.smtpUser)}
	passwordFile := string(f.smtpPasswordFile)
	if s.Addr == "" {
		for flag, value := range map[string]string{"smtp-from": s.From, "smtp-user": s.User, "smtp-password-file": passwordFile} {
			if value != "" {
				return fmt.Errorf("is missing beside --%s", flag)
			}
		}
		return nil
	}
	var wrong []error
	if _, err := parseListen(s.Addr); err != nil {
		wrong = append(wrong, err)
	}
	if s.From == "" {
		wrong = append(wrong, errors.New("needs --smtp-from"))
	} else if _, err := netmail.ParseAddress(s.From); err != nil {
		wrong = append(wrong, fmt.Errorf("--smtp-from %q is not an e-mail address", s.From))
	}
	if (s.User == "") != (passwordFile == "") {
		wrong = append(wrong, errors.New("--smtp-user and --smtp-password-file belong together"))
	} else if passwordFile != "" {
		password, err := os.ReadFile(passwordFile)
		if err != nil {
			wrong = append(wrong, err)
		}
		s.Password = strings.TrimRight(string(password), "\r\n")
	}
	c.Mail = &s
	return errors.Join(wrong...)
}

// mailer is nil, and not an interface that holds nil, without a mail server.
func (c *serveConfig) mailer() authority.Mailer {
	if c.Mail == nil {
		return nil
	}
	return c.Mail
}
