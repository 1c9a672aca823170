"""OpenMetadata's manners: names, references, change descriptions, versions, policies."""
