"""Ends with last words that terminals and reports would take for their own."""
import os

os.write(2, b"\x1b[2J\x1b]8;;http://example.org\x1b\\x\x07\r\n::error::no\nGrade :=>> 100\n"
            b"not ok\n]]></failure>\n\xff\xed\xa0\x80\x00\x1b")
os._exit(1)
