"""Say by the exit code whether the page is served: 0 if it is, else 1.

The health check of the image, which has no curl. It knows the standard library alone and starts in a few hundredths of
a second, where ``doublebill`` itself would load numpy twice a minute. A proxy that the environment names is not asked.
"""

import http.client
import os
import sys

TIMEOUT_S = 4


def is_healthy(port: int) -> bool:
    """Ask the server on this port of this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not is_healthy(int(os.environ.get("DOUBLEBILL_PORT", "8097"))))
