"""What the trees mean: environments, conda specs, images. Values keep their spans; no judgement is passed here."""
