"""Looks at the line before sending it and leaves: the server never hears "Fin"."""
import socket

print("Console Client", flush=True)
with socket.socket() as server:
    server.connect(("127.0.0.1", 9500))
    line = ""
    try:
        while line != "Fin":
            line = input()
            if line == "Fin":
                break
            server.sendall(line.encode())
    except EOFError:  # the end of the keyboard's input is an end as well
        pass
    except ConnectionError:
        print("Le serveur est parti")
print("Fin du programme")
