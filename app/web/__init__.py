"""What a browser shows of the service: pages for people, and the files that browsers and robots ask every site for."""
