"""HTML pages, and the files that browsers and robots request from every site."""
