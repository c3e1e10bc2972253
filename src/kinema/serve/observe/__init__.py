"""What a server and its workers let be seen of themselves: logs, metrics, traces."""
