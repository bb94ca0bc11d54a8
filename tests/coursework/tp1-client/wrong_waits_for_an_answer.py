"""Receives after each line, but this server never answers: the second line is never sent."""
import socket

print("Console Client", flush=True)
with socket.socket() as server:
    server.connect(("127.0.0.1", 9500))
    line = ""
    try:
        while line != "Fin":
            line = input()
            server.sendall(line.encode())
            server.recv(1024)
    except EOFError:  # the end of the keyboard's input is an end as well
        pass
    except ConnectionError:
        print("Le serveur est parti")
print("Fin du programme")
