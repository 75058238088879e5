"""Kaiyaku: how to end a Japanese SIM, eSIM or pocket WiFi contract."""
