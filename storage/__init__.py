"""Keep: tables, the store the stages write through, the catalogue the archive reads, full text and WARC files."""
