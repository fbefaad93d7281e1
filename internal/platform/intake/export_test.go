package intake

// SetStep lets a test fail or kill at every boundary of a portion.
func (s *Service) SetStep(step func(point string) error) { s.step = step }

// SetPortions makes the portions of a test small.
func (s *Service) SetPortions(stage, check, apply int) {
	s.sizes = portions{stage, check, apply, apply}
}
