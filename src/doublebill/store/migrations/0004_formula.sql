-- By which formula the components come about that a person weighs. Who confirmed weights before has the default one.

ALTER TABLE weights ADD COLUMN formula TEXT NOT NULL DEFAULT 'default' CHECK (formula IN ('default', 'classic'));
