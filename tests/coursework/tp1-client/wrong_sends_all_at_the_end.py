"""Collects the lines and sends them when "Fin" has been typed: the server sees nothing while the
user types."""
import socket

print("Console Client", flush=True)
with socket.socket() as server:
    server.connect(("127.0.0.1", 9500))
    line = ""
    lines = []
    try:
        while line != "Fin":
            line = input()
            lines.append(line)
        server.sendall("".join(lines).encode())
    except EOFError:  # the end of the keyboard's input is an end as well
        pass
    except ConnectionError:
        print("Le serveur est parti")
print("Fin du programme")
