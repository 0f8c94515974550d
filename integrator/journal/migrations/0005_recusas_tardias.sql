-- Parts that the engine had accepted and WhatsApp then refused, with none delivered in between.
ALTER TABLE sender ADD COLUMN late_failures INTEGER NOT NULL DEFAULT 0;
