// Package config resolves what is in force and why: a flag beats the environment, the environment
// beats the file, the file beats the default. `terrace config` prints the answer.
package config

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/pflag"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Setting is one thing that can be set.
type Setting struct {
	Key     string // as in the file and, with dashes, the flag: db, log-origin
	Default string
	About   string // dictionary key of its explanation
	Secret  bool   // never printed
	Valid   func(string) error
}

// Variable is the environment variable of the setting: TERRACE_LOG_ORIGIN.
func (s Setting) Variable() string {
	return "TERRACE_" + strings.ToUpper(strings.ReplaceAll(s.Key, "-", "_"))
}

// Source says where a value comes from.
type Source string

// The sources, strongest first.
const (
	FromFlag        Source = "flag"
	FromEnvironment Source = "environment"
	FromFile        Source = "file"
	FromDefault     Source = "default"
)

// Value is a setting in force.
type Value struct {
	Setting
	Value  string
	Source Source
	Where  string // the flag, variable or file
}

// Shown is the value as it may be printed.
func (v Value) Shown() string {
	if v.Secret && v.Value != "" {
		return "••••"
	}
	return v.Value
}

// FileMax is the number of bytes a configuration file may have.
const FileMax = 1 << 20

// Config is the settings in force.
type Config struct {
	values map[string]Value
	order  []string
}

// Inputs are the places values come from.
type Inputs struct {
	Flags       *pflag.FlagSet
	Environment func(string) (string, bool)
	File        string // "": none
}

// Resolve finds the value of every setting. A file with an unknown key is refused: it is a typing
// error that would otherwise go unnoticed.
func Resolve(settings []Setting, in Inputs) (*Config, error) {
	fromFile, err := readFile(in.File, settings)
	if err != nil {
		return nil, err
	}
	c := &Config{values: map[string]Value{}}
	for _, s := range settings {
		v := Value{Setting: s, Value: s.Default, Source: FromDefault}
		if text, ok := fromFile[s.Key]; ok {
			v.Value, v.Source, v.Where = text, FromFile, in.File
		}
		if in.Environment != nil {
			if text, ok := in.Environment(s.Variable()); ok {
				v.Value, v.Source, v.Where = text, FromEnvironment, s.Variable()
			}
		}
		if in.Flags != nil {
			if f := in.Flags.Lookup(s.Key); f != nil && f.Changed {
				v.Value, v.Source, v.Where = f.Value.String(), FromFlag, "--"+s.Key
			}
		}
		if s.Valid != nil {
			if err := s.Valid(v.Value); err != nil {
				return nil, fault.New(fault.Invalid, "config.value", s.Key, v.Shown(), string(v.Source)).
					Because(err)
			}
		}
		c.values[s.Key] = v
		c.order = append(c.order, s.Key)
	}
	return c, nil
}

func readFile(name string, settings []Setting) (map[string]string, error) {
	if name == "" {
		return nil, nil
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, fault.New(fault.NotFound, "config.file", name).Because(err)
	}
	if info.Size() > FileMax {
		return nil, fault.New(fault.TooLarge, "config.file", name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fault.New(fault.NotFound, "config.file", name).Because(err)
	}
	var raw map[string]any
	if err := yaml.Unmarshal(text, &raw); err != nil {
		return nil, fault.New(fault.Invalid, "config.syntax", name).Because(err)
	}
	values := map[string]string{}
	for key, value := range raw {
		if !slices.ContainsFunc(settings, func(s Setting) bool { return s.Key == key }) {
			return nil, fault.New(fault.Invalid, "config.unknown", key, name)
		}
		values[key] = fmt.Sprint(value)
	}
	return values, nil
}

// Values lists all settings in force, in the order they were declared.
func (c *Config) Values() []Value {
	all := make([]Value, len(c.order))
	for i, key := range c.order {
		all[i] = c.values[key]
	}
	return all
}

// Text is a setting's value. Asking for one that was not declared is a bug.
func (c *Config) Text(key string) string {
	v, ok := c.values[key]
	if !ok {
		panic("config: there is no setting " + key)
	}
	return v.Value
}

// With is a copy in which a setting has another value. Asking for one that was not declared is a bug.
func (c *Config) With(key, value string) *Config {
	changed := &Config{values: maps.Clone(c.values), order: c.order}
	v := changed.values[key]
	if v.Key == "" {
		panic("config: there is no setting " + key)
	}
	v.Value = value
	changed.values[key] = v
	return changed
}

// Flag is a setting that is true or false.
func (c *Config) Flag(key string) bool {
	b, err := strconv.ParseBool(c.Text(key))
	return err == nil && b
}

// Bool checks a setting that is true or false.
func Bool(text string) error {
	_, err := strconv.ParseBool(text)
	return err
}

// OneOf checks a setting that takes one of some values.
func OneOf(values ...string) func(string) error {
	return func(text string) error {
		if !slices.Contains(values, text) {
			return fmt.Errorf("not one of %s", strings.Join(values, ", "))
		}
		return nil
	}
}
