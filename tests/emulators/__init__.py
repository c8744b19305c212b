"""Servers on 127.0.0.1 that speak the vendors' wire protocols, so that a class can use their real SDKs without keys."""
